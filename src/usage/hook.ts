import { Argument, type Command, Option } from "commander";
import { type HookMode, type HookName, hookModes, hookNames } from "../commands/hook-names.js";
import { configOption, type Usage } from "./usage.js";

const hookExamples = `
The agent starts this by itself once \`holdpoint init NAME\` has written its settings. Anything that fails is a refusal:
status 2, the reason on stderr. Inside a session of holdpoint's commands are left to the session.

Examples:
  holdpoint init claude            write the settings that start it
  holdpoint hook claude <<'END'    try it by hand
  {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf ~/notes"}}
  END`;

export function addHook(program: Command, { places, end }: Usage): void {
  program
    .command("hook")
    .description("answer one question of an agent's: JSON on stdin, its answer on stdout")
    .addArgument(new Argument("<agent>").choices(hookNames))
    .addOption(
      new Option(
        "--mode <mode>",
        "let the agent ask a person, deny, or only observe; default: ask where the agent is known to wait for one",
      ).choices(hookModes),
    )
    .option(...configOption)
    .addHelpText("after", hookExamples)
    .action(async (agent: HookName, flags: { mode?: HookMode; config?: string }) => {
      const { hook } = await import("../commands/hook.js");
      end(await hook({ agent, ...flags }, places));
    });
}
