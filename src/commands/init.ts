import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { isBelowSession } from "../launcher/outer.js";
import { assertNever } from "../model/assert-never.js";
import { findWorkspace } from "../world/workspace.js";
import { confirm, printDiff, replaceFile } from "./init-change.js";
import { claude } from "./init-claude.js";
import { codex } from "./init-codex.js";
import { cursorHooks } from "./init-cursor.js";
import { cursor, vscode } from "./init-editor.js";
import { gemini } from "./init-gemini.js";
import {
  changedFiles,
  dropMemory,
  keepMemory,
  type Memory,
  readMemory,
  recall,
  remember,
} from "./init-memory.js";
import { shellNames, type targetNames } from "./init-names.js";
import { opencode } from "./init-opencode.js";
import { scope } from "./init-scope.js";
import type { Edit, InitTarget, Setup } from "./init-target.js";
import { shell, tmux } from "./init-terminal.js";
import type { Places } from "./places.js";
import { checkShells, installShells, removeShells, type ShellsState, shellsFolder } from "./shells.js";
import type { Terminal } from "./terminal.js";

/** What `holdpoint init` was given. */
export interface InitOptions {
  readonly target: string | undefined;
  readonly shell?: string;
  readonly dir?: string;
  readonly print?: true;
  readonly undo?: true;
  readonly yes?: true;
  readonly project?: true;
}

/** Cursor has a terminal and an agent: each with a file of its own. */
const targets: Readonly<Record<(typeof targetNames)[number], readonly InitTarget[]>> = {
  claude: [claude],
  codex: [codex],
  cursor: [cursor, cursorHooks],
  gemini: [gemini],
  opencode: [opencode],
  vscode: [vscode],
  tmux: [tmux],
  shell: [shell],
  scope: [scope],
};

/**
 * Tells a program of the user's to start its shells under guard, or takes that back. Status 0: it is so now; 1: it cannot be,
 * or the user said no; 2: nobody was there to say yes; 126: from within a session, whose guard it would change.
 */
export async function init(options: InitOptions, places: Places, terminal: Terminal): Promise<number> {
  const [, chosen] = Object.entries(targets).find(([name]) => name === options.target) ?? [];
  if (chosen === undefined) return list(places, terminal);
  const setup = setupFor(options, places);
  if (options.print === true) {
    for (const target of chosen) terminal.print(target.print(setup).trimEnd());
    return 0;
  }
  if (await isBelowSession(process.env)) {
    terminal.error("denied: a session's own guard is not set up from within; run this in a terminal outside");
    return 126;
  }
  const wanted =
    options.project === true ? chosen.filter((target) => target.projectFile !== undefined) : chosen;
  if (wanted.length === 0) return failed(terminal, `${options.target} has no settings of a project's own`, 2);
  const statuses: number[] = [];
  for (const target of wanted) statuses.push(await change(target, options, setup, terminal));
  return Math.max(...statuses);
}

async function change(
  target: InitTarget,
  options: InitOptions,
  setup: Setup,
  terminal: Terminal,
): Promise<number> {
  const { places } = setup;
  const install = target.install ?? installShells;
  const file =
    options.project === true
      ? target.projectFile?.(findWorkspace(process.cwd(), places.home))
      : target.file(setup);
  if (file === undefined) return changeShells(options, target, setup, terminal);
  const makesFolder = target.makesFolder === true || options.project === true;
  if (!makesFolder && !existsSync(dirname(file)))
    return failed(
      terminal,
      `no folder "${dirname(file)}": is it installed, and was it started once? --dir names another`,
    );
  const old = readText(file);
  const memory = readMemory(places, target.name, file);
  if (target.onlyNew === true && old !== undefined && options.undo !== true) {
    if (memory !== undefined && recall(memory, old) !== undefined) {
      terminal.print(`${file}: set already`);
      return 0;
    }
    return failed(terminal, `"${file}" is there already and stays as it is; --print shows a proposal`);
  }
  const base = takenBack(target, setup, memory, old);
  if (!base.ok) return failed(terminal, `${file}: ${base.reason}`);
  const next = options.undo === true ? base : target.add(base.text, setup);
  if (!next.ok) return failed(terminal, `${file}: ${next.reason}`);
  if (next.text === (old ?? "")) {
    if (options.undo === true) terminal.print(`${file}: nothing of holdpoint's is in it`);
    else {
      install(places);
      terminal.print(`${file}: set already`);
    }
    return 0;
  }
  printDiff(file, old ?? "", next.text, terminal);
  const agreed = await confirm(options.yes === true, terminal);
  if (agreed !== true) return agreed;
  if (options.undo !== true) {
    install(places);
    if (makesFolder) mkdirSync(dirname(file), { recursive: true });
  }
  const isGone = options.undo === true && memory?.isNew === true && next.text.trim() === "";
  const problem = replaceFile(file, old, isGone ? undefined : next.text);
  if (problem !== undefined) return failed(terminal, problem);
  if (options.undo === true) {
    dropMemory(places, target.name, file);
    terminal.print("taken back; what runs already stays as it is");
    return 0;
  }
  // What was there before holdpoint: the first time's, when this one is laid over it.
  const isNew = memory?.isNew ?? old === undefined;
  const kept = remember(isNew ? undefined : base.text, next.text);
  keepMemory(places, target.name, { ...kept, file, shell: setup.shell, before: next.before });
  for (const line of target.next(setup)) terminal.print(line.replace("FILE", file));
  return 0;
}

function setupFor(options: InitOptions, places: Places): Setup {
  const usual = basename(process.env["SHELL"] ?? "");
  return {
    places,
    shell: options.shell ?? (shellNames.includes(usual) ? usual : "bash"),
    platform: process.platform === "darwin" ? "darwin" : "linux",
    env: process.env,
    folder: options.dir === undefined ? undefined : resolve(options.dir),
  };
}

/** The text as it would be without us: to the byte where nobody else changed it since, else as the target finds its own. */
function takenBack(
  target: InitTarget,
  setup: Setup,
  memory: Memory | undefined,
  text: string | undefined,
): Edit {
  if (text === undefined) return { ok: true, text: "" };
  if (memory === undefined) return target.takeBack(text, setup, undefined);
  const former = recall(memory, text);
  return former === undefined
    ? target.takeBack(text, { ...setup, shell: memory.shell }, memory.before)
    : { ok: true, text: former };
}

async function changeShells(
  { undo, yes }: InitOptions,
  target: InitTarget,
  setup: Setup,
  terminal: Terminal,
): Promise<number> {
  const { places } = setup;
  const folder = shellsFolder(places);
  if (undo !== true) {
    installShells(places);
    const state = checkShells(places);
    if (state.kind === "broken")
      return failed(terminal, `the installed shells do not start: ${state.reason}`);
    terminal.print(`installed: ${shellNames.join(", ")} in ${folder}`);
    for (const line of target.next(setup)) terminal.print(line);
    return 0;
  }
  // Whoever is left with a shell that is gone is locked out.
  const named = changedFiles(places);
  if (named.length > 0)
    return failed(terminal, `take these back first, they name the shells: ${named.join(", ")}`);
  if (dirname(loginShell() ?? "") === folder)
    return failed(terminal, "your login shell is one of them: first run chsh -s /bin/bash");
  terminal.print(`takes away ${folder}`);
  const agreed = await confirm(yes === true, terminal);
  if (agreed !== true) return agreed;
  removeShells(places);
  return 0;
}

function loginShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    return undefined;
  }
}

function list(places: Places, terminal: Terminal): number {
  const state = checkShells(places);
  terminal.print("holdpoint init TARGET, with one of:");
  for (const [name, each] of Object.entries(targets))
    for (const { about } of each) terminal.print(`  ${name.padEnd(8)} ${about}`);
  terminal.print(`the shells in ${shellsFolder(places)}: ${wordsFor(state)}`);
  for (const file of changedFiles(places)) terminal.print(`set up in ${file}`);
  return 0;
}

function wordsFor(state: ShellsState): string {
  switch (state.kind) {
    case "missing":
      return "not installed";
    case "working":
      return "installed, and they start";
    case "other":
      return `they start another holdpoint: ${state.start}`;
    case "broken":
      return `they do not start: ${state.reason}`;
    default:
      return assertNever(state);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}

function failed(terminal: Terminal, reason: string, status = 1): number {
  terminal.error(reason);
  return status;
}
