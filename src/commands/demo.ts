import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { execa } from "execa";
import * as v from "valibot";
import { listLogs } from "../audit/files.js";
import { verifyLog } from "../audit/verify.js";
import { type StandIn, startStandIn } from "../demo/stand-in.js";
import { alertProgram, type DemoWorkspace, makeWorkspace, volume } from "../demo/workspace.js";
import { openPrograms } from "../world/program.js";
import { demoCard } from "./demo-card.js";
import { printRecords } from "./log.js";
import { findPlaces, type Places } from "./places.js";
import type { Terminal } from "./terminal.js";

/**
 * The incident, replayed: a stand-in for Railway's API on loopback, an agent's three steps under the guard, and what reached
 * the server. Status 0 only when the harmless query came through and the mutation did not.
 */
export async function demo(places: Places, terminal: Terminal): Promise<number> {
  if (openPrograms(undefined, () => false).findProgram("curl", process.env["PATH"] ?? "") === undefined) {
    terminal.error(
      'the demo needs "curl", which is not on PATH: install it, then run "holdpoint demo" again',
    );
    return 1;
  }
  const server = await startStandIn();
  const workspace = makeWorkspace(server.port, server.certificate);
  try {
    tellStory(workspace, terminal);
    const session = await runAgent(workspace, places);
    if (!session.hasTerminal) await showCard(workspace, places, terminal);
    tellAlerts(workspace, terminal);
    return await report(server, session, places.home, terminal);
  } finally {
    workspace.remove();
    await server.close();
  }
}

function tellStory(workspace: DemoWorkspace, terminal: Terminal): void {
  heading("An agent is asked to fix the login of staging. It will do what one did in April 2026:", terminal);
  for (const { says, command } of workspace.steps) {
    terminal.print("");
    terminal.print(`  # ${says}`);
    for (const line of command.split("\n")) terminal.print(`  ${line}`);
  }
  heading("Its holdpoint.yaml says what the work is about, and where it may act:", terminal);
  for (const line of workspace.manifest.trimEnd().split("\n")) terminal.print(`  ${line}`);
  terminal.print("");
  terminal.print(`Railway is a stand-in on 127.0.0.1; curl is real, and so is the guard. Volume ${volume}`);
  terminal.print("stands for the production database, with its backups inside.");
  heading("The same under holdpoint:  holdpoint -- AGENT", terminal);
}

interface DemoSession {
  readonly status: number | undefined;
  readonly logs: string;
  readonly hasTerminal: boolean;
}

async function runAgent(workspace: DemoWorkspace, places: Places): Promise<DemoSession> {
  const state = join(workspace.folder, ".state");
  const env = {
    ...process.env,
    CURL_HOME: workspace.folder,
    XDG_STATE_HOME: state,
    // The demo shows the built-in rules, not this user's.
    XDG_CONFIG_HOME: join(workspace.folder, ".config"),
  };
  const hasTerminal =
    process.stdin.isTTY === true && process.stdout.isTTY === true && process.env["CI"] !== "true";
  const command = [
    join(places.packageRoot, "bin", "holdpoint.js"),
    "run",
    "-q",
    "--name",
    "demo",
    "--",
    process.execPath,
    workspace.agent,
  ];
  const { exitCode } = await execa(process.execPath, command, {
    cwd: workspace.folder,
    env,
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  return { status: exitCode, logs: findPlaces(env).logs, hasTerminal };
}

async function showCard(workspace: DemoWorkspace, places: Places, terminal: Terminal): Promise<void> {
  const line = workspace.steps.at(-1)?.command ?? "";
  heading(
    "Nobody could be asked here, so it was refused. On a terminal, this card would have come up:",
    terminal,
  );
  const told = alertsOf(workspace).length === 0 ? [] : [`command ${alertProgram}`];
  for (const row of await demoCard(line, { cwd: workspace.folder, told }, places, terminal))
    terminal.print(row);
}

function tellAlerts(workspace: DemoWorkspace, terminal: Terminal): void {
  heading("The alerts that were sent before anything could run:", terminal);
  for (const summary of alertsOf(workspace)) terminal.print(summary);
}

function alertsOf({ alerts }: DemoWorkspace): readonly string[] {
  const lines = existsSync(alerts) ? readFileSync(alerts, "utf8").split("\n") : [];
  return lines
    .filter((line) => line !== "")
    .map((line) => v.parse(v.object({ summary: v.string() }), JSON.parse(line)).summary);
}

async function report(
  server: StandIn,
  session: DemoSession,
  home: string,
  terminal: Terminal,
): Promise<number> {
  const log = listLogs(session.logs).at(-1);
  heading("The audit log of the session (holdpoint log):", terminal);
  if (log !== undefined) {
    await printRecords(
      log.path,
      { json: false, only: [], columns: Math.min(terminal.columns, 100), follow: undefined, home },
      terminal,
    );
    const verified = await verifyLog(log.path);
    terminal.print(
      verified.ok
        ? `${verified.records} records, the chain is whole.`
        : `the chain is broken: ${verified.reason}`,
    );
  }
  heading("What the server received:", terminal);
  terminal.print(
    `  queries:   ${server.queries.length}${server.queries.length > 0 ? `  (${server.queries.join(", ")})` : ""}`,
  );
  terminal.print(
    `  mutations: ${server.mutations.length}${server.mutations.length > 0 ? `  (${server.mutations.join(", ")})` : ""}`,
  );
  if (server.looks.length > 0)
    terminal.print(
      `  holdpoint's own, for the card: ${server.looks.length}  (${[...new Set(server.looks)].join(", ")})`,
    );
  const isHeld = server.mutations.length === 0 && server.others.length === 0;
  if (isHeld && server.queries.length > 0) return 0;
  terminal.error(
    isHeld
      ? "the harmless query did not come through; is curl installed?"
      : "the deletion reached the server",
  );
  return 1;
}

function heading(text: string, terminal: Terminal): void {
  terminal.print("");
  terminal.print(terminal.colour ? styleText("bold", text, { validateStream: false }) : text);
}
