import type { Command } from "commander";
import { configOption, flushed, type Usage } from "./usage.js";

const rulesExamples = `
Examples:
  holdpoint rules                            every rule in force
  holdpoint rules --search 'delete volume'   rules, tools and APIs that deal with it
  holdpoint explain --why files/lose-work    one rule, explained with examples
  holdpoint rules test acme.yaml             try a tool file of your own
                                             (docs/writing-rules.md)`;

const testExamples = `
A FILE is a rule pack, a tool file, an API file, a config.yaml or a list of
cases; several are laid on top of each other. Their lines are judged in the small
example world that docs/rules.md describes. Nothing is run.

Status: 0 if all is as expected, 1 if not, 2 if a file cannot be used.

Examples:
  holdpoint rules test acme.yaml
  holdpoint rules test ~/.config/holdpoint/config.yaml
  holdpoint rules test acme.yaml acme-cases.yaml --json`;

export function addRules(program: Command, { places, terminal, end }: Usage): void {
  const rules = program
    .command("rules")
    .description("show the rules in force and where each comes from; `rules test` tries your own")
    .option("--search <text>", "find rules, tools and APIs that deal with this, best match first")
    .option("--json", "print one JSON document")
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
    .option("--json", "print one JSON document")
    .addHelpText("after", testExamples)
    .action(async (files: string[], flags: { json?: true }) => {
      const { testRules } = await import("../commands/rules-test.js");
      end(await testRules(files, flags.json === true, places, terminal));
      await flushed();
    });
}
