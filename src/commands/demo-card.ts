import { createRedactor } from "../audit/redact.js";
import { createJudge } from "../judge.js";
import { envFrom } from "../model/env.js";
import { renderCard } from "../prompt/card.js";
import { openJudgeWorld } from "./judge-world.js";
import { loadBuiltin } from "./knowledge.js";
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
  const world = openJudgeWorld(loaded, places, cwd);
  const env = envFrom([
    ["PATH", "/usr/bin:/bin"],
    ["HOME", places.home],
    ["TOKEN", "b7a1c0de-2222-4333-8444-fedcbafedcba"],
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
  const judgement = await createJudge(loaded.policy, loaded.table)(request, world);
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
