import type { OnlineReach } from "../../model/credential-audit.js";
import type { Found } from "../scan.js";

export interface LookUpOptions {
  /** For the services' addresses (`GITHUB_API_URL`, `AWS_ENDPOINT_URL`, …) and the programs' PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for each. */
  readonly timeout: number;
  /** The others that were found beside it: an AWS key's id and secret are two. */
  readonly beside: readonly Found[];
}

/** Asks the service that a credential is for what it may do; reads only, and sends it nowhere else. Never throws. */
export async function lookUp(_one: Found, _options: LookUpOptions): Promise<OnlineReach> {
  return { kind: "unasked", words: "no way to ask" };
}
