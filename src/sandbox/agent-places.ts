import { basename } from "node:path/posix";
import type { PlanInput } from "./input.js";
import { type AgentState, agentStates } from "./known.js";
import { joinPath, kindOf } from "./look.js";

export interface AgentPlaces {
  /** Real paths of what it keeps: folders and files that are there. */
  readonly write: readonly string[];
  /** Of those, what its next start runs programs by. */
  readonly held: readonly string[];
  /** Its folders that are missing, made before the start. */
  readonly make: readonly string[];
  readonly notes: readonly string[];
}

/** What the agent that is started keeps in the home; of no other one. */
export function findAgent(input: PlanInput): AgentPlaces {
  const state = stateOf(input.command);
  if (state === undefined) return { write: [], held: [], make: [], notes: [] };
  const { home, env, look } = input;
  const real = look.realpath(home);
  const moved = state.variable === undefined ? undefined : env[state.variable];
  const [first = ""] = state.folders;
  const below = (path: string): string =>
    look.realpath(
      moved?.startsWith("/") === true && (path === first || path.startsWith(`${first}/`))
        ? moved + path.slice(first.length)
        : joinPath(real, path),
    );
  const folders = state.folders.map(below);
  const missing = folders.filter((path) => kindOf(path, look) === undefined);
  const files = (state.files ?? []).map(below);
  return {
    write: [...folders, ...files.filter((path) => kindOf(path, look) === "file")],
    held: state.settings.map(below).filter((path) => kindOf(path, look) !== undefined),
    make: missing,
    notes: [
      ...files
        .filter((path) => kindOf(path, look) === undefined)
        .map(
          (path) => `${path} is not there and cannot be made inside: start ${state.names[0]} once outside`,
        ),
      ...(state.own === undefined || state.own.words.test(input.command.join(" ")) ? [] : [state.own.note]),
    ],
  };
}

/** `codex`, `/opt/x/claude`, `npx @openai/codex`. */
function stateOf(command: readonly string[]): AgentState | undefined {
  const [program = "", ...rest] = command.map((word) => basename(word).replace(/@[^@]*$/, ""));
  const isRunner = /^(npx|bunx|pnpx|pnpm|yarn|node|bun|uvx|pipx|env)$/.test(program);
  const names = isRunner ? [program, ...rest.slice(0, 3)] : [program];
  return agentStates.find((state) => names.some((name) => state.names.includes(name)));
}
