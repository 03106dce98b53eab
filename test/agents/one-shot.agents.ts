import { afterAll, afterEach, describe, expect, test } from "vitest";
import { execute } from "../scripts/session.js";
import { agents } from "./all.js";
import { openInstallation } from "./installation.js";
import { type Lab, openLab, says } from "./lab.js";
import { lastWord } from "./model.js";

// Real agents with a model that follows a script, in the form that answers one prompt: nobody can be asked, so it is refused.

const installation = openInstallation();
let lab: Lab | undefined;

afterEach(async () => {
  await lab?.close();
  lab = undefined;
});
afterAll(() => installation.remove());

describe.each(agents)("$name", (agent) => {
  describe.each(agent.sandboxes)("sandbox: $name", (sandbox) => {
    const missing = sandbox.missing();
    test.skipIf(missing !== undefined)(
      `the incident is refused${missing ? ` (${missing})` : ""}`,
      async () => {
        lab = await openLab(agent, (step) => [step.probe, step.query, step.mutation, step.removal]);
        const command = [installation.program(agent), ...agent.oneShot(says), ...sandbox.flags];
        const outcome = await lab.place.run({ command, env: lab.env, limit: 150_000 });
        expect(outcome).toMatchObject({ status: 0, stdout: expect.stringContaining(lastWord) });

        const [probe, query, mutation, removal] = lab.model.results();
        // EPERM: the question went through the FIFOs. Else there is no such file.
        expect(probe).toMatch(sandbox.hasUnixSockets ? /errno 2\b/ : /errno 1\b/);
        expect(query).toContain(sandbox.hasNetwork ? "staging" : "Failed to connect");
        expect(mutation).toContain("holdpoint: denied by rule railway/volume-delete");
        expect(removal).toContain("holdpoint: denied by rule files/lose-work");

        expect(lab.server.queries).toEqual(sandbox.hasNetwork ? ["project"] : []);
        expect([lab.server.mutations, lab.server.others, lab.hasArchive()]).toEqual([[], [], true]);
        for (const log of lab.logAtArrival) expect(log).toContain("project(id: 1)");
        expect(new Set(lab.verdicts("project(id: 1)"))).toEqual(new Set(["allow"]));
        expect(lab.verdicts("volumeDelete")).toEqual(["deny"]);
        expect(lab.verdicts("/outside/archive")).toEqual(["deny"]);
        // What an agent runs for itself, as a snapshot of the shell, meets no refusal.
        expect(lab.verdicts("").filter((verdict) => verdict === "deny")).toHaveLength(2);
        expect(await lab.verifyLog()).toMatchObject({ status: 0 });
        expect(lab.leftovers()).toEqual([]);
      },
    );
  });

  test("its own status comes through", async () => {
    lab = await openLab(agent, () => []);
    const command = [installation.program(agent), "--no-such-option"];
    const [program = "", ...args] = command;
    const bare = await execute(program, args, { cwd: lab.place.workspace, env: lab.env });
    const guarded = await lab.place.run({ command, env: lab.env });
    expect(bare.status).toBeGreaterThan(0);
    expect(guarded.status).toBe(bare.status);
  });
});
