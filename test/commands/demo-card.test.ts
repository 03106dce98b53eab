import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoCard } from "../../src/commands/demo-card.js";
import { findPlaces } from "../../src/commands/places.js";
import type { Terminal } from "../../src/commands/terminal.js";
import { type DemoWorkspace, makeWorkspace } from "../../src/demo/workspace.js";

let workspace: DemoWorkspace;
beforeAll(() => {
  workspace = makeWorkspace(1, "no certificate");
});
afterAll(() => workspace.remove());

const terminal: Terminal = {
  print: () => {},
  error: () => {},
  columns: 100,
  colour: false,
  isTerminal: true,
  drained: async () => {},
  onInterrupt: () => {},
};

async function cardOf(line: string): Promise<readonly string[]> {
  const places = findPlaces({ HOME: `${workspace.folder}/.home` });
  return demoCard(line, { cwd: workspace.folder, told: ["command tee"] }, places, terminal);
}

/** As the call's own shim sees it, with the token that the file held. */
const seen = (step: number): string =>
  (workspace.steps[step]?.command ?? "").replace(
    /TOKEN=\$\(.*\)/,
    "TOKEN=b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b",
  );

describe("the demo's card", () => {
  it("says that the token came from a file that the purpose has nothing to do with", async () => {
    const card = (await cardOf(seen(2))).map((row) => row.trim().replace(/\s+/g, " "));
    expect(card).toContain("warning RAILWAY_TOKEN comes from infra/domains/.env, unrelated to the purpose");
    const text = card.join(" ");
    expect(text).toMatch(/using RAILWAY_TOKEN (from variable TOKEN|written in the command)/);
    expect(text).toMatch(/the same lies in infra\/domains\/\.env:2, last changed in [A-Z]\w+/);
    expect(text).toContain(
      'holdpoint.yaml: RAILWAY_TOKEN was found in infra/domains/.env, which has nothing to do with "fix the login of staging" [scope/credential]',
    );
    expect(text).not.toContain("b7a1c0de");
  });

  it("holds nothing of what only reads", async () => {
    for (const line of [workspace.steps[0]?.command ?? "", seen(1)])
      expect((await cardOf(line)).join(" ")).not.toMatch(/asked|holdpoint\.yaml:/);
  });
});
