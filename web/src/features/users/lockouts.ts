import type { Lockout } from "../../api/types";
import { TEXTS } from "./texts";

/** Who is locked, in words. The tried name is shown only where it is an account's. */
export function lockoutWords({
  scope,
  username,
  address,
}: Pick<Lockout, "scope" | "username" | "address">): string {
  const name = username ?? TEXTS.unknownName;
  if (scope === "address") return TEXTS.allNamesFrom(address ?? TEXTS.unknownAddress);
  if (scope === "name") return TEXTS.slowedDown(name);
  return TEXTS.from(name, address ?? TEXTS.unknownAddress);
}
