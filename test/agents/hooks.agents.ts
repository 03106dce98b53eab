import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { cli, execute } from "../scripts/session.js";
import type { Agent } from "./agent.js";
import { agents } from "./all.js";
import { openInstallation } from "./installation.js";
import { type Lab, openLab, says } from "./lab.js";
import { lastWord } from "./model.js";

// Real agents with a model that follows a script, guarded by nothing but the hook that `holdpoint init` set up.

const installation = openInstallation();
let lab: Lab | undefined;

afterEach(async () => {
  await lab?.close();
  lab = undefined;
});
afterAll(() => installation.remove());

/** Without their own sandboxes. Codex wants a person to trust the hook, which this says was done. */
const flags: Readonly<Record<string, readonly string[]>> = {
  codex: ["--sandbox", "danger-full-access", "--dangerously-bypass-hook-trust"],
};

/** Claude Code puts the question itself; `-p` has nobody who could answer. */
const asks = (agent: Agent) => agent.name === "claude";

test.each(agents)(
  "$name: the hook refuses what a session would ask about, and the model reads why",
  async (agent) => {
    lab = await openLab(agent, (step) => ["echo hello > made.txt", step.query, step.mutation, step.removal]);
    const { place, env, model, server } = lab;
    const set = await execute(process.execPath, [cli, "init", agent.name, "--yes"], {
      cwd: place.workspace,
      env,
    });
    expect([set.status, set.stderr]).toEqual([0, ""]);
    const outcome = await execute(
      installation.program(agent),
      [...agent.oneShot(says), ...(flags[agent.name] ?? [])],
      { cwd: place.workspace, env, limit: 150_000 },
    );
    expect(outcome).toMatchObject({ status: 0, stdout: expect.stringContaining(lastWord) });

    const [, , mutation, removal] = model.results();
    const [said, verdict] = asks(agent)
      ? ["holdpoint asks by rule", "ask"]
      : ["holdpoint: denied by rule", "deny"];
    expect(existsSync(join(place.workspace, "made.txt"))).toBe(true);
    expect(server.queries).toHaveLength(1);
    expect(mutation).toContain(`${said} railway/volume-delete`);
    expect(server.mutations).toEqual([]);
    expect(removal).toContain(`${said} files/lose-work`);
    expect(lab.hasArchive()).toBe(true);

    expect(place.records()).toMatchObject([
      { event: "session.start", agent: agent.name },
      { event: "line", verdict: "allow" },
      { event: "line", verdict: "allow" },
      { event: "line", verdict },
      { event: "line", verdict },
    ]);
    expect(lab.logAtArrival[0]).toContain("query { project");
    expect((await lab.verifyLog()).status).toBe(0);
  },
);
