import { Argument, type Command, Option } from "commander";
import { type HookMode, type HookName, hookModes, hookNames } from "../commands/hook-names.js";
import { configOption, type Usage } from "./usage.js";

const hookExamples = `
The agent starts this by itself once \`holdpoint init NAME\` has written its
settings. Any failure is a refusal: status 2, with the reason on stderr. Inside a
session, commands are left to the session.

Examples:
  holdpoint init claude            write the settings that start it
  holdpoint hook claude <<'END'    try the hook by hand
  {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf ~/notes"}}
  END`;

export function addHook(program: Command, { places, end }: Usage): void {
  program
    .command("hook")
    .description("answer one question from an agent: JSON on stdin, the answer on stdout")
    .addArgument(new Argument("<agent>").choices(hookNames))
    .addOption(
      new Option(
        "--mode <mode>",
        "let the agent ask a person, deny, or only observe; default: ask if the agent is known to wait for an answer, else deny",
      ).choices(hookModes),
    )
    .option(...configOption)
    .addHelpText("after", hookExamples)
    .action(async (agent: HookName, flags: { mode?: HookMode; config?: string }) => {
      const { hook } = await import("../commands/hook.js");
      end(await hook({ agent, ...flags }, places));
    });
}
