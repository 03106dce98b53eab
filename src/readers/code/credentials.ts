import { keysNamed } from "../../expand/secret-keys.js";
import { holdsCredentials } from "../../expand/secret-origin.js";
import { type Arg, fromOrigin, isKnown, type Unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { isSecretFile } from "../../model/secret-file.js";
import type { World } from "../../model/world.js";
import { credentials, wordCredentials } from "../credentials/credential.js";
import { presentedByLogin } from "../credentials/presented.js";
import { namedHeaders, requestCredentials } from "../credentials/request.js";
import { resolvePath } from "../path.js";
import { type CodeValue, oneText, plainText, textsOf } from "./values.js";

interface Parts {
  readonly url: string;
  readonly options: ReadonlyMap<string, CodeValue>;
  readonly body: Arg | undefined;
}

/** What a request of a client library presents, where that is plain to read: its headers, `auth=`, its URL and body. */
export function codeCredentials(
  call: Call,
  world: World,
  { url, options, body }: Parts,
): readonly Credential[] {
  const headers = options.get("headers");
  const known: (readonly [string, string])[] = [];
  const hidden: Unknown[] = [];
  for (const [name, value] of headers?.kind === "fields" ? headers.fields : []) {
    const [text] = textsOf(value);
    if (text === undefined) continue;
    if (isKnown(text)) known.push([name, text]);
    else hidden.push({ ...traced(text, call, world), prefix: `${name}: ${text.prefix}` });
  }
  return [
    ...requestCredentials(call, world, { url, headers: namedHeaders(known), hidden, body }),
    ...loginOf(options.get("auth"), call, world),
  ];
}

/** `auth=("user", "password")`, `auth: {username, password}`. */
function loginOf(auth: CodeValue | undefined, call: Call, world: World): readonly Credential[] {
  const [user, password] =
    auth?.kind === "list"
      ? auth.items
      : auth?.kind === "fields"
        ? [
            auth.fields.get("username") ?? auth.fields.get("user"),
            auth.fields.get("password") ?? auth.fields.get("pass"),
          ]
        : [];
  const name = plainText(user) ?? "";
  const secret = oneText(password);
  if (secret === undefined) return [];
  return isKnown(secret)
    ? credentials(call, world, presentedByLogin(`${name}:${secret}`))
    : wordCredentials(call, world, name === "" ? "password" : `user ${name}`, traced(secret, call, world));
}

/** `open('.env').read()`: the file that it will come from. */
function traced(text: Unknown, call: Call, world: World): Unknown {
  const files = [...text.source.slice(0, 800).matchAll(/["'`]([^"'`\s]{1,200})["'`]/g)].flatMap(
    ([, word = ""]) => {
      const path = resolvePath(call, world, word);
      if (path === undefined || !isKnown(path) || !world.lstat(path).exists) return [];
      const isSecret = isSecretFile(path, world);
      return isSecret || holdsCredentials(path, world) ? [{ file: path, isSecret }] : [];
    },
  );
  const [key, ...others] = keysNamed("python3", [text.source]);
  const named = key === undefined || others.length > 0 ? {} : { key };
  return {
    ...text,
    reason: [text.reason, ...files.map((file) => fromOrigin({ ...file, ...named }))].join(", "),
  };
}
