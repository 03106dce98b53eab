import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createRedactor } from "../audit/redact.js";
import { scanFiles } from "../credentials/scan.js";
import { createJudge } from "../judge.js";
import { envFrom } from "../model/env.js";
import { aroundOf } from "../model/shown-path.js";
import type { Provenance, World } from "../model/world.js";
import { renderCard } from "../prompt/card.js";
import { openJudgeWorld } from "./judge-world.js";
import { loadBuiltin } from "./knowledge.js";
import { findManifests } from "./manifests.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";

/** The card that this line would have brought up, for a place without a terminal to draw it on. */
export async function demoCard(
  line: string,
  cwd: string,
  places: Places,
  terminal: Terminal,
): Promise<readonly string[]> {
  const loaded = loadBuiltin(places);
  const held = await findManifests({ cwd, env: {}, named: undefined }, places);
  const policy = { ...loaded.policy, manifests: held.map(({ manifest }) => manifest) };
  const plain = openJudgeWorld(loaded, places, cwd);
  const world = { ...plain, provenance: await findCredentials(cwd, plain) };
  const env = envFrom([
    ["PATH", "/usr/bin:/bin"],
    ["HOME", places.home],
  ]);
  const request = {
    door: "line",
    text: line,
    shell: "bash",
    args: [],
    cwd,
    env,
    stdin: { kind: "terminal" },
  } as const;
  const judgement = await createJudge(policy, loaded.table)(request, world);
  const minutes = 5 * 60_000;
  return renderCard(
    {
      id: "demo",
      session: "demo",
      label: "demo",
      items: [{ text: line, cwd, judgement, callers: 1 }],
      refusedBefore: 0,
      typed:
        judgement.severity === "critical"
          ? judgement.effects.find((effect) => effect.action === "delete")?.target
          : undefined,
      deadline: Date.now() + minutes,
      around: aroundOf(world),
    },
    {
      columns: Math.min(terminal.columns, 100),
      rows: 40,
      colour: terminal.colour,
      full: true,
      challenge: undefined,
      remainingMs: minutes,
      redact: createRedactor(),
    },
  );
}

/** The few files of the demo, looked through at once: a session has an index of them. */
async function findCredentials(folder: string, { fingerprint, realpath }: World): Promise<Provenance> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const roots = names.filter((name) => /\.(env|yaml)$/.test(name)).map((name) => join(folder, name));
  const { found } = await scanFiles({ roots, budget: 2000 });
  const known = found.map(({ value, file, line, key, kind, modified }) => ({
    print: fingerprint(value),
    place: { file: realpath(file), line, kind, modified, ...(key === undefined ? {} : { key }) },
  }));
  return {
    placesOf: (print) => known.filter((one) => one.print === print).map(({ place }) => place),
    keptIn: (path) => known.filter(({ place }) => place.file === path).map(({ place }) => place),
  };
}
