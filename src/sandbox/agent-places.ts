import { basename } from "node:path/posix";
import { isWithin } from "../scope/globs.js";
import type { PlanInput } from "./input.js";
import { type AgentState, agentStates } from "./known-agents.js";
import { joinPath, kindOf, textOf } from "./look.js";

export interface AgentPlaces {
  /** Real paths of what it keeps: folders and files that are there. */
  readonly write: readonly string[];
  /** Of those, what its next start runs programs by. */
  readonly held: readonly string[];
  /** Its folders that are missing, made before the start. */
  readonly make: readonly string[];
  /** Settings that are missing, made empty: one that is not there cannot be held, and would be the agent's to make. */
  readonly makeFiles: readonly string[];
  readonly notes: readonly string[];
}

/** What the agent that is started keeps in the home; of no other one. */
export function findAgent(input: PlanInput): AgentPlaces {
  const state = stateOf(input.command);
  if (state === undefined) return { write: [], held: [], make: [], makeFiles: [], notes: [] };
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
  const settings = state.settings.map(below);
  const isMissing = (path: string) => kindOf(path, look) === undefined;
  const missing = [...folders, ...settings.filter((path) => !isFile(path))].filter(isMissing);
  const files = (state.files ?? []).map(below);
  return {
    write: [...folders, ...files.filter((path) => kindOf(path, look) === "file")],
    held: [...settings, ...settings.flatMap((path) => namedIn(path, folders, input))],
    make: missing,
    makeFiles: settings.filter((path) => isFile(path) && isMissing(path)),
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

function isFile(path: string): boolean {
  return /\.(json|jsonc|toml|yaml)$/.test(path);
}

/** What settings start lies beside them, as often as not: `"command": "~/.claude/statusline.sh"`, `notify = ["/home/me/.codex/tell.py"]`. */
function namedIn(file: string, folders: readonly string[], { home, look }: PlanInput): readonly string[] {
  const words = textOf(file, look).match(/(?:~|\$HOME|\$\{HOME\})?\/[^\s"'\\;|&<>()]+/g) ?? [];
  return [...new Set(words)]
    .map((word) => look.realpath(word.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, home)))
    .filter((path) => folders.some((folder) => path !== folder && isWithin(path, folder)))
    .filter((path) => kindOf(path, look) === "file");
}

/** `codex`, `/opt/x/claude`, `npx @openai/codex`. */
function stateOf(command: readonly string[]): AgentState | undefined {
  const [program = "", ...rest] = command.map((word) => basename(word).replace(/@[^@]*$/, ""));
  const isRunner = /^(npx|bunx|pnpx|pnpm|yarn|node|bun|uvx|pipx|env)$/.test(program);
  const names = isRunner ? [program, ...rest.slice(0, 3)] : [program];
  return agentStates.find((state) => names.some((name) => state.names.includes(name)));
}
