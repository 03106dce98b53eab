import { errorResponse } from "./frame.js";
import type { Verdict } from "./frontend.js";

/** The server's way of saying no: `insufficient_privilege`, with what to do instead as a hint. */
export function denial(verdict: Verdict & { readonly allowed: false }): Buffer {
  if (verdict.cancelled === true)
    return errorResponse("ERROR", "57014", "canceling statement due to user request", undefined);
  const text = verdict.message.replace(/\s+/g, " ").trim();
  const [, what = text, hint] = /^(.*?)(?: ((?:Instead: |Do not try ).*))?$/.exec(text) ?? [];
  return errorResponse("ERROR", "42501", what, hint);
}
