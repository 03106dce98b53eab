import { type Command, Option } from "commander";
import { parseDuration, parseReport, type ReportOption } from "../commands/option-values.js";
import { configOption, scopeOption, type Usage } from "./usage.js";

interface RunFlags {
  readonly mode?: "ask" | "deny" | "observe";
  readonly config?: string;
  readonly scope?: string;
  readonly timeout?: number;
  readonly name?: string;
  readonly relay: boolean;
  readonly net?: true;
  readonly sandbox?: true;
  readonly report?: readonly ReportOption[];
  readonly failOnDenied?: true;
  readonly quiet?: true;
}

const runExamples = `
Examples:
  holdpoint -- codex
  holdpoint --mode deny --fail-on-denied -- ./nightly-job.sh
  holdpoint --mode deny --report denied.sarif --report junit=denied.xml -- make release
  holdpoint --scope holdpoint.yaml -- codex
  holdpoint --sandbox --net -- codex
  holdpoint --mode observe --report report.json -- ./nightly-job.sh

For GitHub Actions, GitLab and containers, see docs/ci.md.`;

export function addRun(program: Command, { places, end, help }: Usage): void {
  program
    .command("run", { isDefault: true })
    .description("run an agent, a shell or a job under guard; the same as `holdpoint -- COMMAND`")
    .argument("[command...]", "the command and its arguments, after --")
    .addOption(
      new Option(
        "--mode <mode>",
        "ask a human, deny, or only observe; default: ask if a human can be reached, else deny",
      ).choices(["ask", "deny", "observe"]),
    )
    .option(...configOption)
    .option(...scopeOption)
    .option(
      "--timeout <duration>",
      "how long to wait for an answer before denying (30s, 5m); default: 5m",
      parseDuration,
    )
    .option("--name <label>", "shown on cards and in the log")
    .option("--net", "also judge what any client sends over HTTP, and as SQL to PostgreSQL (docs/net.md)")
    .option(
      "--sandbox",
      "show the command only the files in scope, and leave it no way past the guard (docs/sandbox.md)",
    )
    .option("--no-relay", "do not give the command a terminal of its own")
    .option(
      "--report <file>",
      "write what was denied to FILE.sarif, FILE.xml (JUnit) or FILE.json, or to any name with FORMAT=FILE; repeatable",
      parseReport,
    )
    .option("--fail-on-denied", "end with 126 instead of 0 if anything was denied")
    .option("-q, --quiet", "print no start line and no summary of what was denied")
    .passThroughOptions()
    .addHelpText("after", runExamples)
    .action(async (command: string[], flags: RunFlags) => {
      if (command.length === 0) help();
      const { run } = await import("../commands/run.js");
      end(
        await run(
          {
            ...flags,
            command,
            net: flags.net === true,
            sandbox: flags.sandbox === true,
            reports: flags.report ?? [],
            failOnDenied: flags.failOnDenied === true,
            quiet: flags.quiet === true,
          },
          places,
        ),
      );
    });
}
