import { createHmac } from "node:crypto";

/** What a credential value is known as: twelve hexadecimal digits, which tell nothing without the salt. */
export function fingerprintOf(value: string, salt: string): string {
  return createHmac("sha256", salt).update(value).digest("hex").slice(0, 12);
}
