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

  /** The same refusal with its fields under the names a form has for them. */
  renamed(names: Readonly<Record<string, string>>): ApiError {
    const fields = Object.entries(this.fields).map(([path, text]) => {
      const [first = "", ...rest] = path.split(".");
      return [[names[first] ?? first, ...rest].join("."), text] as const;
    });
    return new ApiError(this.status, this.message, Object.fromEntries(fields));
  }
}
