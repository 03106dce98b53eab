import { unknown } from "../../src/model/arg.js";
import type { Call, Stdin } from "../../src/model/call.js";
import type { Effect } from "../../src/model/effect.js";
import { envFrom } from "../../src/model/env.js";
import type { World } from "../../src/model/world.js";
import { plainFile } from "./plain-file.js";

export interface Setting {
  /** Absolute paths and their content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: Stdin;
  readonly env?: Readonly<Record<string, string>>;
  readonly sight?: Call["sight"];
}

export const home = "/home/dev";
export const cwd = "/home/dev/project";

/** A world of a few files. */
export function networkWorld({ files = {} }: Setting): World {
  const nobody = { ok: false, reason: "not here" } as const;
  return {
    user: { uid: 1000, home, homeOf: () => undefined },
    session: { startedAt: 0, workspace: cwd, guardPaths: [], temporary: ["/tmp"] },
    lstat: (path) =>
      files[path] === undefined ? { exists: false, reason: "missing" } : plainFile(files[path].length),
    realpath: (path) => path,
    readdir: () => nobody,
    readFile: (path) =>
      files[path] === undefined
        ? { ok: false, reason: "no such file" }
        : { ok: true, bytes: Buffer.from(files[path]), complete: true },
    git: {
      repository: () => undefined,
      tracked: () => ({ reason: "not here" }),
      blobId: () => "",
      ignoredSinceStart: () => false,
      query: () => nobody,
    },
    findProgram: () => undefined,
    isShimmed: () => true,
    parseSql: () => ({ kind: "error", reason: "not here" }),
    fingerprint: (value) => `#${value}`,
  };
}

/** A word `$NAME` stands for one that cannot be foreseen. */
export function networkCall(words: readonly string[], { stdin, env = {}, sight = "now" }: Setting): Call {
  const argv = words.map((word) =>
    /^\$[A-Z]+$/.test(word) ? unknown(word, `variable "${word.slice(1)}" is not set`) : word,
  );
  return {
    tool: words[0] ?? "",
    argv,
    cwd,
    env: envFrom(Object.entries({ HOME: home, PATH: "/shims:/usr/bin", ...env })),
    stdin: stdin ?? { kind: "none" },
    redirects: [],
    via: [],
    sight,
    certain: true,
    span: undefined,
  };
}

/** An effect in one line: all that rules may look at. */
export function showEffect(effect: Effect): string {
  const { action, resource, target, credentials } = effect;
  const by = credentials.map(({ name, from }) => ` by ${name} ${from}`).join("");
  const times = effect.extent.kind === "exact" && effect.extent.count !== 1 ? ` x${effect.extent.count}` : "";
  const lost = effect.action === "modify" && effect.recovery === "none" ? " lossy" : "";
  switch (resource) {
    case "cloud":
      return `${action}${lost} ${effect.provider} ${effect.type} ${target} (${effect.operation})${times}${by}`;
    case "graphql":
      return `${action} graphql ${effect.host} ${effect.field} ${target}${times}${by}`;
    case "http":
      return `${action} ${effect.method} ${target}${times}${by}`;
    case "opaque":
      return `opaque: ${effect.because}`;
    default:
      return `${action} ${resource} ${target}`;
  }
}

/** Words of a call, what it does, and where it happens when that matters. */
export type Case = readonly [words: readonly string[], effects: readonly string[], setting?: Setting];

export function casesOf(
  cases: readonly Case[],
): readonly (readonly [readonly string[], readonly string[], Setting])[] {
  return cases.map(([words, effects, setting = {}]) => [words, effects, setting]);
}
