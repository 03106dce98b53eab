import type { CredentialKind } from "../model/credential-kind.js";

/** One credential in a text. The value stays in the process that found it. */
export interface Detected {
  readonly kind: CredentialKind;
  /** What the text calls it: `RAILWAY_TOKEN`, `password`; undefined where it stands by itself. */
  readonly key: string | undefined;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** Credentials in a file's text. `name`: the file's path, which tells what a text is like (`.env`, `credentials`, `x.test.js`). */
export function detectCredentials(text: string, _name: string): readonly Detected[] {
  return text.split("\n").flatMap((line, at): readonly Detected[] => {
    const [, key, value] =
      /^\s*(?:export\s+)?(\w*(?:TOKEN|SECRET|PASSWORD|KEY)\w*)\s*=\s*"?([^\s"]{8,})/i.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    return [{ kind: /railway/i.test(key) ? "railway" : "generic", key, value, line: at + 1 }];
  });
}
