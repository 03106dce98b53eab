import type { Found } from "../scan.js";
import type { AwsKey } from "./aws-signature.js";
import type { Context } from "./service.js";
import { textOf } from "./whereabouts.js";

/**
 * The parts of a key are found one by one: the id, its secret, the token of a temporary one. They are put together from one file, the nearest
 * first, or from the environment.
 */
export async function awsKeyOf(
  one: Found,
  { beside, env }: Context,
): Promise<AwsKey | { readonly reason: string }> {
  const parts = [
    ...partsOf([one, ...beside.filter(({ file }) => file === one.file)]),
    ...partsOfText(await textOf(one)),
    ...partsOfEnv(one, env),
  ];
  const isId = idPattern.test(one.value);
  // A session token says nothing of which key it is for, so its line is where to look from.
  const near = (part: Part["part"]) =>
    parts
      .filter((other) => other.part === part)
      .sort((a, b) => Math.abs(a.line - one.line) - Math.abs(b.line - one.line))[0]?.value;
  const id = isId ? one.value : near("id");
  const secret = one.kind === "aws-secret" ? one.value : near("secret");
  if (id === undefined) return { reason: "the id of the key was not found beside it" };
  if (secret === undefined) return { reason: "the secret of the key was not found beside it" };
  const session = one.kind === "aws-session" ? one.value : near("session");
  if (!id.startsWith("ASIA")) return { id, secret, session: undefined };
  return session === undefined
    ? { reason: "a temporary key, whose session token was not found beside it" }
    : { id, secret, session };
}

interface Part {
  readonly part: "id" | "secret" | "session";
  readonly value: string;
  readonly line: number;
}

const idPattern = /^(?:AKIA|ASIA)[A-Z0-9]{12,}$/;

function partsOf(found: readonly Found[]): readonly Part[] {
  return found.flatMap(({ value, line, kind, key = "" }): readonly Part[] => {
    if (kind === "aws-key-id" || idPattern.test(value)) return [{ part: "id", value, line }];
    if (kind === "aws-session" || /session_?token/i.test(key)) return [{ part: "session", value, line }];
    return kind === "aws-secret" ? [{ part: "secret", value, line }] : [];
  });
}

/** An id is no secret, so that it may not be among what was found. */
function partsOfText(text: string): readonly Part[] {
  return text.split("\n").flatMap((content, at): readonly Part[] => {
    const line = at + 1;
    const [id] = /\b(?:AKIA|ASIA)[A-Z0-9]{12,20}\b/.exec(content) ?? [];
    const [, secret] =
      /secret_?access_?key\W{1,6}([A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])/i.exec(content) ?? [];
    const [, session] = /(?:session|security)_?token\W{1,6}([A-Za-z0-9/+=]{40,})/i.exec(content) ?? [];
    return [
      ...(id === undefined ? [] : [{ part: "id" as const, value: id, line }]),
      ...(secret === undefined ? [] : [{ part: "secret" as const, value: secret, line }]),
      ...(session === undefined ? [] : [{ part: "session" as const, value: session, line }]),
    ];
  });
}

/** Only where the credential is the environment's own: another key's secret is not tried on it. */
function partsOfEnv(one: Found, env: Context["env"]): readonly Part[] {
  const names = [
    ["id", "AWS_ACCESS_KEY_ID"],
    ["secret", "AWS_SECRET_ACCESS_KEY"],
    ["session", "AWS_SESSION_TOKEN"],
  ] as const;
  if (!names.some(([, name]) => env[name] === one.value)) return [];
  return names.flatMap(([part, name]) => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [{ part, value, line: one.line }];
  });
}
