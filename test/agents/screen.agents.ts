import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openScreen, openTerminal, type PersonScreen } from "../scripts/screen.js";
import { cli } from "../scripts/session.js";
import type { Agent } from "./agent.js";
import { agents } from "./all.js";
import { openInstallation } from "./installation.js";
import { type Lab, openLab, says } from "./lab.js";
import { lastWord } from "./model.js";

// Real agents in their terminal interface, with a person in front of it who answers the cards.

const installation = openInstallation();
let lab: Lab | undefined;
let screen: PersonScreen | undefined;

afterEach(async () => {
  screen?.kill();
  await lab?.close();
  screen = lab = undefined;
});
afterAll(() => installation.remove());

const moment = (ms = 500): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Agents that start slowly, on a machine that others load, too. */
const long = 170_000;

describe.each(agents)("$name", (agent) => {
  const sandboxes = agent.sandboxes.filter((sandbox) => sandbox.missing() === undefined);

  test.each(sandboxes)("sandbox: $name; two are refused, one is allowed", async (sandbox) => {
    lab = await openLab(agent, (step) => [step.query, step.mutation, step.removal, step.another]);
    const command = [installation.program(agent), ...sandbox.flags, ...agent.screen(says)];
    screen = openScreen({ ...lab.place, env: lab.env }, command);

    await deny(screen, "railway/volume-delete");
    expect([lab.server.mutations, lab.hasArchive()]).toEqual([[], true]);
    await deny(screen, "files/lose-work");
    for (let asked = 0; asked < agent.questions; asked++) await allow(screen, `question q${asked + 3}`);
    await screen.see(lastWord, long);
    // It went on drawing behind the cards; now it must be whole.
    await screen.see(agent.frame);
    expect(await quit(screen, agent)).toBe(0);

    const [query, mutation, removal, another] = lab.model.results();
    expect(query).toContain(sandbox.hasNetwork ? "staging" : "Failed to connect");
    expect(mutation).toContain("holdpoint: denied by rule railway/volume-delete: a human refused it");
    expect(removal).toContain("holdpoint: denied by rule files/lose-work: a human refused it");
    expect(another).toContain(sandbox.hasNetwork ? "customDomainDelete" : "Failed to connect");
    expect(lab.server.mutations).toEqual(sandbox.hasNetwork ? ["customDomainDelete"] : []);
    expect(lab.hasArchive()).toBe(true);
    expect(
      lab.place
        .records()
        .flatMap(({ event, answer, verdict }) => (event === "answer" && answer ? [verdict] : [])),
    ).toEqual(["deny", "deny", ...Array(agent.questions).fill("allow")]);
    expect(await lab.verifyLog()).toMatchObject({ status: 0 });
    expect(lab.leftovers()).toEqual([]);
  });

  test("in tmux", async () => {
    lab = await openLab(agent, (step) => [step.query, step.mutation]);
    const flags = sandboxes[0]?.flags ?? [];
    const tmux = ["-S", join(lab.place.base, "tmux"), "-f", "/dev/null", "new-session"];
    const guarded = [process.execPath, cli, "run", "-q", "--", installation.program(agent), ...flags];
    const { CI: _ci, ...env } = lab.env;
    screen = openTerminal({ ...lab.place, env }, "tmux", [...tmux, ...guarded, ...agent.screen(says)]);

    await deny(screen, "railway/volume-delete");
    await screen.see(lastWord, long);
    await screen.see(agent.frame);
    await quit(screen, agent);
    expect(lab.model.results()[1]).toContain("holdpoint: denied by rule railway/volume-delete");
    expect(lab.server.mutations).toEqual([]);
    expect(lab.place.records().at(-1)).toMatchObject({ event: "session.end", status: 0 });
    expect(lab.leftovers()).toEqual([]);
  });
});

const card = /waits? for you/;

async function deny(screen: PersonScreen, rule: string): Promise<void> {
  await screen.see(`[${rule}]`, long);
  expect(screen.text()).toMatch(card);
  await moment();
  screen.press("d");
  await screen.unsee(`[${rule}]`);
}

async function allow(screen: PersonScreen, question: string): Promise<void> {
  await screen.see(question, long);
  await moment();
  const word = /and type (.+?) *$/m.exec(screen.text())?.[1];
  screen.press("a");
  if (word !== undefined) {
    await moment(150);
    screen.press(`${word}\r`);
  }
  await screen.unsee(question);
}

async function quit(screen: PersonScreen, agent: Agent): Promise<number> {
  await moment();
  for (const key of agent.quit) {
    screen.press(key);
    await moment();
  }
  return await screen.exited;
}
