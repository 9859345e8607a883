import type { Lockout } from "../../api/types";

/** Who is locked, in words. The tried name is shown only where it is an account's. */
export function lockoutWords({
  scope,
  username,
  address,
}: Pick<Lockout, "scope" | "username" | "address">): string {
  const name = username ?? "an unknown name";
  if (scope === "address") return `All names from ${address ?? "an unknown address"}`;
  if (scope === "name") return `${name} (slowed down)`;
  return `${name} from ${address ?? "an unknown address"}`;
}
