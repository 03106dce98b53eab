import type { Command } from "commander";
import { configOption, flushed, type Usage } from "./usage.js";

const rulesExamples = `
Examples:
  holdpoint rules                            every rule in force
  holdpoint rules --search 'delete volume'   rules, tools and APIs about it
  holdpoint explain --why files/lose-work    one rule in words, with its examples
  holdpoint rules test acme.yaml             the lines of a tool file of your own (docs/writing-rules.md)`;

const testExamples = `
A FILE is a rule pack, a tool file, an API file, a config.yaml, or a list of cases; several are laid over each other. Its
lines are judged in the small world of examples that docs/rules.md describes; nothing is run.
Status 0: all as expected; 1: not; 2: a file that cannot be used.

Examples:
  holdpoint rules test acme.yaml
  holdpoint rules test ~/.config/holdpoint/config.yaml
  holdpoint rules test acme.yaml acme-cases.yaml --json`;

export function addRules(program: Command, { places, terminal, end }: Usage): void {
  const rules = program
    .command("rules")
    .description("the rules in force and where each comes from; `rules test` tries some of your own")
    .option("--search <text>", "rules, tools and APIs about it, the nearest first")
    .option("--json", "one JSON document")
    .option(...configOption)
    .addHelpText("after", rulesExamples)
    .action(async (flags: { search?: string; json?: true; config?: string }) => {
      const { loadKnowledge } = await import("../commands/knowledge.js");
      const loaded = await loadKnowledge(places, flags.config);
      if (flags.search === undefined) {
        const { showRules } = await import("../commands/rules.js");
        end(showRules(loaded, flags.json === true, terminal));
      } else {
        const { searchRules } = await import("../commands/rules-search.js");
        end(searchRules(flags.search, flags.json === true, loaded, terminal));
      }
      await flushed();
    });
  rules
    .command("test")
    .description("judge the examples and cases of rule packs, tool files, API files and configs")
    .argument("<file...>")
    .option("--json", "one JSON document")
    .addHelpText("after", testExamples)
    .action(async (files: string[], flags: { json?: true }) => {
      const { testRules } = await import("../commands/rules-test.js");
      end(await testRules(files, flags.json === true, places, terminal));
      await flushed();
    });
}
