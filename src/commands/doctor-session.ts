import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Check } from "./doctor-system.js";
import type { Places } from "./places.js";

/** Ways in which agents start shells, and the word that finds out whether the guard is in front there. */
const probes: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["a program, from PATH", ["sh", "-c", "command -v rm"]],
  ["bash -c", ["bash", "-c", "command -v rm"]],
  ["bash -lc, a login shell", ["bash", "-lc", "command -v rm"]],
  ["/bin/bash -lc (Codex)", ["/bin/bash", "-lc", "command -v rm"]],
  ["zsh -c", ["zsh", "-c", "command -v rm"]],
  ["zsh -lc", ["zsh", "-lc", "command -v rm"]],
  ["sh -lc, a POSIX login shell", ["/bin/sh", "-lc", "command -v rm"]],
  ["bash -ilc, interactive and login", ["bash", "-ilc", "command -v rm"]],
  ["env -i bash -c, a wiped environment", ["env", "-i", "bash", "-c", "command -v rm"]],
];

/** Starts a real session, and tries the ways in which agents start shells. */
export async function sessionChecks(places: Places): Promise<readonly Check[]> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-doctor-"));
  try {
    const unix = await probe(places, folder, {});
    if (typeof unix === "string")
      return [
        { name: "session", status: "fail", detail: unix, remedy: "try: holdpoint --mode observe -- true" },
      ];
    const fifo = await probe(places, folder, { HOLDPOINT_TRANSPORT: "fifo" });
    const pipes: Check =
      typeof fifo === "string"
        ? {
            name: "second transport (FIFOs)",
            status: "note",
            detail: fifo,
            remedy: "agents whose sandbox forbids unix sockets will be denied everything guarded",
          }
        : { name: "second transport (FIFOs)", status: "ok", detail: "works" };
    return [{ name: "session", status: "ok", detail: "starts, answers and ends" }, pipes, ...unix];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function probe(
  places: Places,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly Check[] | string> {
  const cli = join(places.packageRoot, "bin", "holdpoint.js");
  const asks = `const{spawnSync}=require("node:child_process");const out=${JSON.stringify(probes)}.map(([n,[p,...a]])=>{const r=spawnSync(p,a,{encoding:"utf8",timeout:10000,stdio:["ignore","pipe","ignore"]});return[n,r.error?"":r.stdout.trim()]});console.log(JSON.stringify({bin:process.env.PATH.split(":")[0],out}))`;
  const result = await execa(
    process.execPath,
    [
      cli,
      "run",
      "-q",
      "--no-relay",
      "--mode",
      "observe",
      "--name",
      "doctor",
      "--",
      process.execPath,
      "-e",
      asks,
    ],
    {
      env: { XDG_STATE_HOME: folder, HOME: folder, ...env },
      reject: false,
      timeout: 60_000,
    },
  );
  return result.exitCode === 0
    ? readProbe(result.stdout)
    : `a session cannot be started: ${result.stderr || result.shortMessage}`;
}

function readProbe(text: string): readonly Check[] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "a session started, but its shells answered nothing";
  }
  if (
    typeof value !== "object" ||
    value === null ||
    !("bin" in value) ||
    !("out" in value) ||
    !Array.isArray(value.out)
  )
    return "a session started, but its shells answered nothing";
  const bin = String(value.bin);
  return value.out.map((row: unknown): Check => {
    const [name, found] = Array.isArray(row) ? row.map(String) : ["?", ""];
    const label = `shell: ${name}`;
    if (found === undefined || found === "")
      return { name: label, status: "note", detail: "not tried: not installed" };
    return found.startsWith(`${bin}/`)
      ? { name: label, status: "ok", detail: "programs are guarded by name" }
      : {
          name: label,
          status: "note",
          detail: "programs started by name there are not seen one by one",
          remedy: "the text itself is still judged where a guarded shell or the agent starts it",
        };
  });
}
