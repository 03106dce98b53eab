import type { Command } from "commander";
import { flushed, scopeOption, type Usage } from "./usage.js";

const scopeExamples = `
A manifest, holdpoint.yaml, says what work begun in its folder may read and
change, and what it must never touch (docs/scope-manifest.md). The manifests of
this folder and of those above it are in force together; the strictest counts.

Examples:
  holdpoint scope                        which manifests are in force, and what they say
  holdpoint scope --json                 the same as JSON
  holdpoint scope check                  find mistakes in them, each with its line
  holdpoint scope check holdpoint.yaml   check this file alone, before a commit say
  holdpoint scope schema > scope.json    the JSON Schema of the format, for editors`;

const checkExamples = `
Status: 0 if valid, 1 if no manifest is in force here, 2 if a file cannot be used
(each mistake is shown as file:line:column).

Examples:
  holdpoint scope check
  holdpoint scope check holdpoint.yaml services/billing/holdpoint.yaml`;

const schemaExamples = `
Editors with a YAML language server find it by the first line of a manifest:
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
    .description("show the manifests in force here: what work may read and change, and must never touch")
    .option("--json", "print one JSON document")
    .option(...scopeOption)
    .addHelpText("after", scopeExamples)
    .action(show);
  scope
    .command("show")
    .description("the same as `scope` alone")
    .option("--json", "print one JSON document")
    .option(...scopeOption)
    .action((_: ShowFlags, command: Command) => show(command.optsWithGlobals()));
  scope
    .command("check")
    .description("check the manifests in force here, or these files, for mistakes")
    .argument("[file...]", "manifests; default: those in force here")
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
