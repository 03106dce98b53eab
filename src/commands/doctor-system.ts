import { readFileSync } from "node:fs";
import { join } from "node:path";
import { canPushKeys } from "../launcher/pushed-keys.js";
import { assertNever } from "../model/assert-never.js";
import { openPrograms } from "../world/program.js";
import { checkAlerts } from "./doctor-alerts.js";
import { checkNetwork } from "./doctor-net.js";
import { checkSandbox } from "./doctor-sandbox.js";
import { openDoor } from "./door.js";
import { loadKnowledge } from "./knowledge.js";
import type { Places } from "./places.js";
import { checkShells } from "./shells.js";
import { UsageError } from "./usage-error.js";

export type Status = "ok" | "note" | "fail";

export interface Check {
  readonly name: string;
  readonly status: Status;
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** What can be seen without starting a session. */
export async function systemChecks(places: Places): Promise<readonly Check[]> {
  return [
    checkNode(),
    checkShim(places),
    checkApprovers(places),
    await checkRules(places),
    await checkAlerts(places),
    await checkNetwork(places),
    await checkSandbox(places),
    await checkTerminalLibrary(),
    checkTerminal(),
    checkPushedKeys(),
    checkTerminalShells(places),
    checkUser(),
    ...["git", "curl"].map(checkProgram),
  ];
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNew = major > 20 || (major === 20 && minor >= 19);
  const detail = process.versions.node;
  return isNew
    ? { name: "Node", status: "ok", detail }
    : { name: "Node", status: "fail", detail, remedy: "install Node 20.19 or newer" };
}

function checkShim(places: Places): Check {
  const name = "shim";
  try {
    const kind: unknown = JSON.parse(
      readFileSync(join(places.packageRoot, "shims", "build", "kind.json"), "utf8"),
    );
    const isNative = typeof kind === "object" && kind !== null && "kind" in kind && kind.kind === "native";
    if (isNative) return { name, status: "ok", detail: "native" };
    const remedy = `${compile(places)}; a call through the native shim takes one to two milliseconds`;
    return { name, status: "note", detail: "in Node, some 50 ms a call", remedy };
  } catch {
    return { name, status: "fail", detail: "not built", remedy: compile(places) };
  }
}

/** In a clone as in an installed package, whose scripts npm may have been told not to run. */
function compile({ packageRoot }: Places): string {
  return `install a C compiler (cc), then run: node ${join(packageRoot, "shims", "build.js")}`;
}

/** Whether anybody could answer from another terminal. */
function checkApprovers(places: Places): Check {
  const name = "holdpoint approve";
  if (openDoor(places) !== undefined) return { name, status: "ok", detail: "other terminals can answer" };
  const remedy = process.platform === "linux" ? compile(places) : "answer on the session's own terminal";
  return { name, status: "note", detail: "nobody can answer from another terminal", remedy };
}

async function checkRules(places: Places): Promise<Check> {
  const name = "rules";
  try {
    const { policy } = await loadKnowledge(places, undefined);
    return { name, status: "ok", detail: `${policy.rules.length} in force` };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const remedy =
      error instanceof UsageError
        ? "correct the file; no session starts until then"
        : 'install holdpoint again, or in a clone run "npm run build"';
    return { name, status: "fail", detail, remedy };
  }
}

async function checkTerminalLibrary(): Promise<Check> {
  const name = "inner terminal";
  try {
    await import("@lydell/node-pty");
    return { name, status: "ok", detail: "available" };
  } catch {
    const remedy = "reinstall holdpoint with its optional packages; until then cards need a typed word";
    return { name, status: "note", detail: "its native library does not load", remedy };
  }
}

function checkTerminal(): Check {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return isTerminal
    ? { name: "terminal", status: "ok", detail: "cards can be shown here" }
    : {
        name: "terminal",
        status: "note",
        detail: "none here: destructive calls of a session started here are denied",
      };
}

/** Where the agent could push keys into the human's terminal, a key press proves nothing, and an allow needs a typed word. */
function checkPushedKeys(): Check {
  const name = "keys pushed into a terminal";
  return canPushKeys()
    ? {
        name,
        status: "note",
        detail: "possible with this user's rights: an allow needs a word typed from the card",
      }
    : { name, status: "ok", detail: "the kernel forbids it for other terminals" };
}

/** What settings of editors and terminals name: when it does not start, no terminal does. */
function checkTerminalShells(places: Places): Check {
  const name = "terminal shells";
  const state = checkShells(places);
  const remedy = "holdpoint init shell --yes";
  switch (state.kind) {
    case "missing":
      return {
        name,
        status: "note",
        detail: "not installed",
        remedy: "holdpoint init: editors and terminals that start guarded",
      };
    case "working":
      return { name, status: "ok", detail: "start, answer and end" };
    case "other":
      return { name, status: "note", detail: `start another holdpoint: ${state.start}`, remedy };
    case "broken":
      return { name, status: "fail", detail: `no terminal starts: ${state.reason}`, remedy };
    default:
      return assertNever(state);
  }
}

function checkUser(): Check {
  const isRoot = process.getuid?.() === 0;
  return isRoot
    ? {
        name: "user",
        status: "note",
        detail: "root: the agent could undo any guard on purpose",
        remedy: "run agents as a plain user",
      }
    : { name: "user", status: "ok", detail: "not root" };
}

function checkProgram(name: string): Check {
  const path = openPrograms(undefined, () => false).findProgram(name, process.env["PATH"] ?? "");
  return path === undefined
    ? {
        name,
        status: "note",
        detail: "not found on PATH",
        remedy: name === "git" ? "without git nothing counts as recoverable from it" : "the demo needs it",
      }
    : { name, status: "ok", detail: path };
}
