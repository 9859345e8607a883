/** What the server refused, with its HTTP status; status 0 means that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** What is wrong with single fields of the body, by their names. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}
