import { lookOf } from "./by-look.js";
import type { Detected } from "./detect.js";
import { describeFile } from "./file-kind.js";
import { findInUrls } from "./in-urls.js";
import { kindByName } from "./kind-by-name.js";
import { isLookAlike } from "./look-alike.js";
import { isSecretValue } from "./secret-value.js";
import { readName } from "./telling-name.js";

/** Credentials in the variables of an environment; `key` is the variable's name, `line` 0. */
export function environmentCredentials(
  env: Readonly<Record<string, string | undefined>>,
): readonly Detected[] {
  return Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : read(key, value)));
}

function read(key: string, value: string): readonly Detected[] {
  const look = lookOf(value);
  if (look !== undefined && !isLookAlike(value)) return [{ kind: look, key, value, line: 0 }];
  const inUrls = findInUrls({ text: value, file });
  if (inUrls.length > 0) return inUrls.map(({ start: _, end: __, ...one }) => ({ ...one, key, line: 0 }));
  const telling = readName(key);
  if (telling === undefined || isLookAlike(value) || !isSecretValue(value, telling, file)) return [];
  return [{ kind: kindByName(key, "", value) ?? "generic", key, value, line: 0 }];
}

const file = describeFile(".env");
