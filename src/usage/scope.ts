import type { Command } from "commander";
import { flushed, scopeOption, type Usage } from "./usage.js";

const scopeExamples = `
A manifest, holdpoint.yaml, says what work begun in its folder may read, change and never touch (docs/scope-manifest.md). All of
this folder and those above it hold together; the strictest answer counts.

Examples:
  holdpoint scope                          which manifests hold here, and what they say
  holdpoint scope --json                   the same for a program
  holdpoint scope check                    whether they can be used; each mistake with its place
  holdpoint scope check holdpoint.yaml     this file alone, as before a commit
  holdpoint scope schema > scope.json      the JSON Schema of the format, for editors`;

const checkExamples = `
Status 0: valid; 1: no manifest holds here; 2: a file that cannot be used, with file:line:column of each mistake.

Examples:
  holdpoint scope check
  holdpoint scope check holdpoint.yaml services/billing/holdpoint.yaml`;

const schemaExamples = `
Editors with a YAML language server take it from the first line of a manifest:
  # yaml-language-server: $schema=./node_modules/holdpoint/schema/holdpoint.schema.json

Examples:
  holdpoint scope schema > holdpoint.schema.json`;

interface ShowFlags {
  readonly json?: true;
  readonly scope?: string;
}

export function addScope(program: Command, { places, terminal, end }: Usage): void {
  const show = async (flags: ShowFlags) => {
    const { showScope } = await import("../commands/scope.js");
    end(await showScope(flags, places, terminal));
    await flushed();
  };
  const scope = program
    .command("scope")
    .description("the manifests that hold here: what work may read, change and never touch")
    .option("--json", "one JSON document")
    .option(...scopeOption)
    .addHelpText("after", scopeExamples)
    .action(show);
  scope
    .command("show")
    .description("the same as `scope` alone")
    .option("--json", "one JSON document")
    .option(...scopeOption)
    .action((_: ShowFlags, command: Command) => show(command.optsWithGlobals()));
  scope
    .command("check")
    .description("whether manifests can be used: those that hold here, or these files")
    .argument("[file...]", "manifests; none: those that hold here")
    .addHelpText("after", checkExamples)
    .action(async (files: readonly string[]) => {
      const { checkScope } = await import("../commands/scope-check.js");
      end(await checkScope(files, places, terminal));
      await flushed();
    });
  scope
    .command("schema")
    .description("print the JSON Schema of manifests")
    .addHelpText("after", schemaExamples)
    .action(async () => {
      const { printSchema } = await import("../commands/scope-check.js");
      end(printSchema(places, terminal));
      await flushed();
    });
}
