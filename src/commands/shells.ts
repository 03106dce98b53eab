import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../launcher/folder.js";
import { shellNames } from "./init-names.js";
import type { Places } from "./places.js";

/** Not in the package: npm's own folders move with each version of Node, and settings name this one. */
export function shellsFolder({ data }: Places): string {
  return join(data, "shells");
}

export function shellPath(places: Places, name: string): string {
  return join(shellsFolder(places), name);
}

/** Installs them, or renews what is there; nobody finds one half written. */
export function installShells(places: Places): void {
  if (places.packageRoot.includes("/_npx/"))
    throw new Error(
      "this copy is npx's, which will remove it: install holdpoint first (README.md, Install), then run `holdpoint init` again",
    );
  const folder = shellsFolder(places);
  makeFolder(folder);
  const cli = cliPath(places);
  if (`${process.execPath}${cli}`.includes("\n"))
    throw new Error("a shell cannot be told of a path with a line break");
  put(join(folder, "start"), (path) => writeFileSync(path, `${process.execPath}\n${cli}\n`));
  const native = join(places.packageRoot, "shims", "build", "shell");
  if (!existsSync(native)) {
    for (const name of shellNames) put(join(folder, name), (path) => writeScript(path, name, cli));
    return;
  }
  const first = join(folder, shellNames[0] ?? "bash");
  put(first, (path) => {
    copyFileSync(native, path);
    chmodSync(path, 0o755);
  });
  // Hard links: the program is called what its own path says, which is not so behind a symbolic one.
  for (const name of shellNames.slice(1)) put(join(folder, name), (path) => linkSync(first, path));
}

export function removeShells(places: Places): void {
  rmSync(shellsFolder(places), { recursive: true, force: true });
}

export type ShellsState =
  | { readonly kind: "missing" }
  | { readonly kind: "working" }
  /** Of another installation of holdpoint, or for another Node. */
  | { readonly kind: "other"; readonly start: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Whether they are installed, run a text under guard, and by this holdpoint. */
export function checkShells(places: Places): ShellsState {
  const start = join(shellsFolder(places), "start");
  if (!existsSync(start)) return { kind: "missing" };
  const { status, stdout, stderr } = spawnSync(shellPath(places, "sh"), ["-c", 'echo "$HOLDPOINT_SESSION"'], {
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0 || !/^[a-z2-7]{7}\n$/.test(stdout))
    return { kind: "broken", reason: stderr.trim().split("\n")[0] || `status ${status}` };
  const [node = "", cli = ""] = readFileSync(start, "utf8").split("\n");
  return node === process.execPath && cli === cliPath(places)
    ? { kind: "working" }
    : { kind: "other", start: `${node} ${cli}` };
}

function cliPath({ packageRoot }: Places): string {
  return join(packageRoot, "bin", "holdpoint.js");
}

function put(path: string, write: (path: string) => void): void {
  const fresh = `${path}.${process.pid}`;
  rmSync(fresh, { force: true });
  write(fresh);
  renameSync(fresh, path);
}

/** What shims/shell.c does, as far as a script can: its argv[0] is lost, so a login shell needs its `-l`. */
function writeScript(path: string, name: string, cli: string): void {
  const text = `#!/bin/sh
# Installed by \`holdpoint init\`: the terminal's shell, for machines without a C compiler.
unset HOLDPOINT_NODE_OPTIONS
[ -z "\${NODE_OPTIONS+x}" ] || { export HOLDPOINT_NODE_OPTIONS="$NODE_OPTIONS"; unset NODE_OPTIONS; }
for file in ${quote(process.execPath)} ${quote(cli)}; do
  [ -r "$file" ] || { echo "holdpoint: no shell was started: $file: not found; run \\\`holdpoint init shell --yes\\\` again" >&2; exit 126; }
done
for word do set -- "$@" "=$word"; shift; done
exec ${quote(process.execPath)} ${quote(cli)} shell ${name} "=$0" "$@"
`;
  writeFileSync(path, text, { mode: 0o755 });
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
