import { createRedactor } from "../audit/redact.js";
import { createJudge } from "../judge.js";
import { envFrom } from "../model/env.js";
import type { Judgement } from "../model/judgement.js";
import type { Previews } from "../model/preview.js";
import { aroundOf } from "../model/shown-path.js";
import type { World } from "../model/world.js";
import { openPreviews } from "../preview/gather.js";
import { previewers } from "../preview/table.js";
import { renderCard } from "../prompt/card.js";
import { sessionWords } from "../scope/session-words.js";
import { openPrograms } from "../world/program.js";
import { openLookingWorld } from "./judge-world.js";
import { loadBuiltin } from "./knowledge.js";
import { findManifests } from "./manifests.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";

/** The card that this line would have brought up, for a place without a terminal to draw it on. */
export async function demoCard(
  line: string,
  { cwd, told }: { readonly cwd: string; readonly told: readonly string[] },
  places: Places,
  terminal: Terminal,
): Promise<readonly string[]> {
  const loaded = loadBuiltin(places);
  const held = await findManifests({ cwd, env: {}, named: undefined }, places);
  const policy = { ...loaded.policy, manifests: held.map(({ manifest }) => manifest) };
  const { world, close } = openLookingWorld({ ...loaded, policy }, places, cwd);
  const env = envFrom([
    ["PATH", "/usr/bin:/bin"],
    ["HOME", places.home],
    // Where curl finds its way to the stand-in, as in the demo's session.
    ["CURL_HOME", cwd],
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
  const judgement = await createJudge(policy, loaded.table)(request, world).finally(close);
  const previews = await previewsOf(judgement, world);
  const minutes = 5 * 60_000;
  return renderCard(
    {
      id: "demo",
      session: "demo",
      label: "demo",
      items: [{ text: line, cwd, judgement, callers: 1, ...(previews === undefined ? {} : { previews }) }],
      refusedBefore: 0,
      typed:
        judgement.severity === "critical"
          ? judgement.effects.find((effect) => effect.action === "delete")?.target
          : undefined,
      deadline: Date.now() + minutes,
      around: aroundOf(world),
      scope: sessionWords(policy.manifests),
      told,
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

/** What the card would have been told while it was up. */
async function previewsOf(judgement: Judgement, world: World): Promise<Previews | undefined> {
  const programs = openPrograms(undefined, () => false);
  const findReal = (name: string) => programs.findProgram(name, process.env["PATH"] ?? "");
  const evidence = openPreviews({
    ...{ world, findReal, previewers },
    ...{ labels: [], manifests: [], env: {} },
  }).look(judgement, () => {});
  await evidence?.done;
  return evidence?.now();
}
