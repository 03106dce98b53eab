import { type Arg, keptOnly, originsOf, type Unknown, unknown, withKey } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { World } from "../model/world.js";

/**
 * What `export $(cat .env | xargs)` and `env $(cat .env) program` set, as far as the file's names go: each variable with
 * where it comes from, and what its value is known as where that stands there plainly.
 */
export function settingsOf(word: Arg, world: World): readonly (readonly [string, Unknown])[] {
  if (typeof word === "string" || word.prefix !== "") return [];
  return originsOf(word.reason)
    .slice(0, maxFiles)
    .flatMap(({ file }) => {
      const content = world.readFile(file, maxBytes);
      if (!content.ok) return [];
      const lines = decodeBytes(content.bytes).split(/\r?\n/).slice(0, maxLines);
      return lines.flatMap((line): readonly (readonly [string, Unknown])[] => {
        const [, name, value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
        if (name === undefined || !secret.test(name)) return [];
        const plain = unknown(
          `$${name}`,
          withKey(`is set from a file, ${keptOnly(word.reason)}`, name),
          "",
          true,
        );
        return [
          [name, /^[\w.~+/=:@-]+$/.test(value) ? { ...plain, print: world.fingerprint(value) } : plain],
        ];
      });
    });
}

/** What else a file sets is left as unknown as it was: an address or a mode says what is done, and to what. */
const secret = /token|secret|passw|api_?key|access_?key|_key$|auth|cred/i;
const maxFiles = 4;
const maxLines = 200;
const maxBytes = 65_536;
