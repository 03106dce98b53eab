import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { whyNoSandbox } from "../scripts/sandbox.js";
import { cli, execute } from "../scripts/session.js";
import { agents } from "./all.js";
import { openInstallation } from "./installation.js";
import { type Lab, openLab, says } from "./lab.js";
import { lastWord } from "./model.js";

// Real agents with a model that follows a script, in a session with --sandbox, without and with --net.

/** What neither a shim nor a reader knows. */
const tidy = `
import os, subprocess
subprocess.run([os.path.abspath("copied"), "-rf", os.path.join("..", "outside", os.listdir("../outside")[0])])
`;

const why = whyNoSandbox();
const installation = openInstallation();
let lab: Lab | undefined;

afterEach(async () => {
  await lab?.close();
  lab = undefined;
});
afterAll(() => installation.remove());

describe.skipIf(why !== undefined).each(agents)(`$name${why === undefined ? "" : ` (${why})`}`, (agent) => {
  const sandboxes = agent.sandboxes.filter((sandbox) => sandbox.missing() === undefined);

  describe.each(sandboxes)("its own sandbox: $name", (sandbox) => {
    test.each([
      ["--sandbox", false],
      ["--sandbox --net", true],
    ])("%s: it works, and the incident is refused", async (_name, hasNet) => {
      lab = await openLab(
        agent,
        (step) => ["echo hello > made.txt", step.query, step.mutation, step.removal, "python3 tidy.py"],
        { isFar: hasNet },
      );
      const { place, env, model, server } = lab;
      const port = new URL(model.url).port;
      writeFileSync(join(place.workspace, "tidy.py"), tidy);
      copyFileSync("/usr/bin/rm", join(place.workspace, "copied"));
      mkdirSync(join(place.home, ".config", "holdpoint"), { recursive: true });
      writeFileSync(
        join(place.home, ".config", "holdpoint", "config.yaml"),
        `version: 1\nsandbox: { loopback: [${port}] }\n`,
      );
      // Its hook is asked as well, inside, where the log and the state of holdpoint are read-only.
      const set = [cli, "init", agent.name, "--yes"];
      expect((await execute(process.execPath, set, { cwd: place.workspace, env })).status).toBe(0);
      const outcome = await place.run({
        command: [
          installation.program(agent),
          ...agent.oneShot(says),
          ...sandbox.flags,
          ...trusted(agent.name),
        ],
        flags: ["-q", "--sandbox", ...(hasNet ? ["--net"] : [])],
        env,
        limit: 200_000,
      });
      if (process.env["SHOW"]) {
        console.log(outcome, model.results());
        for (const r of place.records())
          if (r["verdict"] === "deny") console.log(JSON.stringify(r).slice(0, 3000));
      }
      expect(outcome).toMatchObject({ status: 0, stdout: expect.stringContaining(lastWord) });

      expect(server.mutations).toEqual([]);
      if (process.getuid?.() === 0 && sandbox.isNested) {
        for (const result of model.results()) expect(result).toContain("setting up uid map");
        return;
      }
      if (!sandbox.hasUnixSockets) {
        const [made] = model.results();
        expect(made).toContain("a sandbox inside the session's own must let unix sockets be used");
        return;
      }
      const [, query, mutation, removal, unlink] = model.results();
      expect(existsSync(join(place.workspace, "made.txt"))).toBe(true);
      expect(query).toContain("staging");
      expect(mutation).toContain("holdpoint: denied by rule railway/volume-delete");
      expect(removal).toContain("holdpoint: denied by rule files/lose-work");
      expect(unlink).toMatch(/Read-only file system|Permission denied/);
      expect(server.queries).toEqual(["project"]);
      expect([server.others, lab.hasArchive()]).toEqual([[], true]);
      expect(await lab.verifyLog()).toMatchObject({ status: 0 });
      expect(lab.leftovers()).toEqual([]);
    });
  });
});

/** Codex wants a person to trust the hook, which this says was done. */
function trusted(name: string): readonly string[] {
  return name === "codex" ? ["--dangerously-bypass-hook-trust"] : [];
}
