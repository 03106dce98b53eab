import { loadModule, parseSync } from "libpg-query";
import type { Call, Stdin } from "../../src/model/call.js";
import { envFrom } from "../../src/model/env.js";
import type { SqlParse, World } from "../../src/model/world.js";
import { plainFile } from "./plain-file.js";

export { loadModule };

/** A world with these files and PostgreSQL's own parser. */
export function sqlWorld(files: Readonly<Record<string, string>> = {}): World {
  return {
    user: { uid: 1000, home: "/home/dev", homeOf: () => undefined },
    session: { startedAt: 0, workspace: "/proj", guardPaths: [], temporary: ["/tmp"] },
    lstat: (path) =>
      files[path] === undefined ? { exists: false, reason: "missing" } : plainFile(files[path].length),
    realpath: (path) => path,
    readdir: (path) => ({
      ok: true,
      names: Object.keys(files).flatMap((file) =>
        file.startsWith(`${path}/`) ? [file.slice(path.length + 1)] : [],
      ),
      complete: true,
    }),
    readFile: (path) => {
      const text = files[path];
      return text === undefined
        ? { ok: false, reason: "no such file" }
        : { ok: true, bytes: Buffer.from(text), complete: true };
    },
    git: {
      repository: () => undefined,
      tracked: () => new Map(),
      blobId: () => "",
      ignoredSinceStart: () => false,
      query: () => ({ ok: false, reason: "no git here" }),
    },
    findProgram: (name) => `/usr/bin/${name}`,
    isShimmed: () => true,
    parseSql,
    fingerprint: (value) => `print of ${value}`,
  };
}

/** A call as the exec door sees it. */
export function callOf(
  argv: readonly string[],
  options: { readonly stdin?: Stdin; readonly env?: Readonly<Record<string, string>> } = {},
): Call {
  return {
    tool: argv[0] ?? "",
    argv,
    cwd: "/proj",
    env: envFrom(Object.entries({ HOME: "/home/dev", ...options.env })),
    stdin: options.stdin ?? { kind: "none" },
    redirects: [],
    via: [],
    sight: "now",
    certain: true,
    span: undefined,
  };
}

function parseSql(text: string): SqlParse {
  try {
    return { kind: "statements", statements: parseSync(text).stmts ?? [] };
  } catch (error) {
    return { kind: "error", reason: error instanceof Error ? error.message : String(error) };
  }
}
