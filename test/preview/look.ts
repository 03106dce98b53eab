import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createJudge } from "../../src/judge.js";
import { envFrom } from "../../src/model/env.js";
import type { Judgement } from "../../src/model/judgement.js";
import type { Preview } from "../../src/model/preview.js";
import { openPreviews, type Previewing } from "../../src/preview/gather.js";
import type { Previewer } from "../../src/preview/previewer.js";
import { previewers as all } from "../../src/preview/table.js";
import { openPrograms } from "../../src/world/program.js";
import { openWorld } from "../../src/world/world.js";
import { builtin, table } from "../example-judge.js";

/** A workspace and a home of its own, and previews as in a session that began there. */
export interface Lookout {
  readonly base: string;
  readonly workspace: string;
  readonly home: string;
  readonly port: Previewing;
  judge(line: string, options?: LookOptions): Promise<Judgement>;
  /** What is found out about the effects of a line that the rules hold. */
  look(line: string, options?: LookOptions): Promise<readonly Preview[]>;
  /** The sentences alone; `FAILED: ` stands before those of what failed. */
  rows(line: string, options?: LookOptions): Promise<readonly string[]>;
  remove(): void;
}

export interface LookOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

export interface LookoutOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly previewers?: readonly Previewer[];
  /** Hosts of the user's config. */
  readonly hosts?: readonly string[];
  /** Milliseconds. */
  readonly patience?: number;
}

/** `make` fills it before the session begins. Not below /tmp: what lies there is nobody's loss, so that nothing is asked about it. */
export function openLookout(make: (base: string) => LookoutOptions = () => ({})): Lookout {
  const parent = process.getuid?.() === 0 ? "/var/lib" : join(homedir(), ".cache");
  mkdirSync(parent, { recursive: true });
  const base = realpathSync(mkdtempSync(join(parent, "holdpoint-look-")));
  const [workspace, home] = [join(base, "work"), join(base, "home")];
  for (const folder of [workspace, home]) mkdirSync(folder);
  const { env = {}, previewers = all, hosts = [], patience = 10_000 } = make(base);
  // What was made so far is older than the session by the file system's coarse clock, too.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  const variables = { HOME: home, PATH: process.env["PATH"] ?? "/usr/bin:/bin", USER: "dev", ...env };
  const programs = openPrograms(undefined, () => false);
  const findReal = (name: string) => programs.findProgram(name, variables.PATH);
  const world = openWorld({
    ...{
      startedAt: Date.now(),
      workspace,
      guardPaths: [],
      home,
      uid: process.getuid?.() ?? 0,
      tmpdir: undefined,
    },
    ...{ shimDirectory: undefined, shimmed: () => false, salt: "salt", gitProgram: findReal("git") },
  });
  const shimmed = { ...world, isShimmed: (name: string) => table.has(name) };
  const judgeIt = createJudge({ rules: builtin.rules, labels: [], manifests: [] }, table);
  const labels = [{ environment: "own", hosts, ids: [] }];
  const port = openPreviews({
    ...{ world, findReal, previewers, patience },
    ...{ labels, manifests: [], env: variables },
  });
  const judge: Lookout["judge"] = (text, { env: more, cwd = workspace, stdin } = {}) =>
    judgeIt(
      {
        ...{
          door: "line",
          text,
          shell: "bash",
          args: [],
          cwd,
          env: envFrom(Object.entries({ ...variables, ...more })),
        },
        stdin: stdin === undefined ? { kind: "terminal" } : { kind: "text", text: stdin, from: "file" },
      },
      shimmed,
    );
  const look: Lookout["look"] = async (line, options) => {
    const evidence = port.look(await judge(line, options), () => {});
    await evidence?.done;
    return evidence?.now().found ?? [];
  };
  return {
    ...{ base, workspace, home, port, judge, look },
    rows: async (line, options) =>
      (await look(line, options)).flatMap(({ state, rows }) =>
        state === "found" ? rows : rows.map((row) => `FAILED: ${row}`),
      ),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
