import type { OnlineReach } from "../../model/credential-audit.js";
import type { Found } from "../scan.js";
import { inquiryOf } from "./inquiries.js";
import { failed, unasked } from "./reach.js";
import { scrub } from "./scrub.js";

export interface LookUpOptions {
  /** For the services' addresses (`GITHUB_API_URL`, `AWS_ENDPOINT_URL`, …) and the programs' PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for each. */
  readonly timeout: number;
  /** The others that were found beside it: an AWS key's id and secret are two. */
  readonly beside: readonly Found[];
}

/**
 * Asks the service that a credential is for what it may do; reads only, and sends it nowhere else. Never throws, and nothing that it returns
 * holds the value.
 */
export async function lookUp(one: Found, { env, timeout, beside }: LookUpOptions): Promise<OnlineReach> {
  const inquiry = inquiryOf(one.kind);
  if (inquiry === undefined) return unasked("no way to ask what it may do");
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeout);
  try {
    const reach = await inquiry(one, { env, beside, timeout, signal: over.signal });
    return scrub(
      reach,
      [one, ...beside].map(({ value }) => value),
    );
  } catch {
    // What went wrong may have the value in its text.
    return failed("it could not be asked");
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
