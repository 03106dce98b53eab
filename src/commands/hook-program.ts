import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../launcher/folder.js";
import type { Places } from "./places.js";

/** What agents' settings name. Not in the package: npm's own folders move with each version of Node. */
export function hookPath({ data }: Places): string {
  return join(data, "hook");
}

/** For a shell. When the program is gone the agent would go on without it: status 2 is a refusal to all of them. */
export function hookCommand(places: Places, agent: string): string {
  return `${quote(hookPath(places))} ${agent} || exit 2`;
}

/** Installs it, or renews what is there. */
export function installHook(places: Places): void {
  if (places.packageRoot.includes("/_npx/"))
    throw new Error(
      "this copy is npx's, which will remove it: install holdpoint first (README.md, Install), then run `holdpoint init` again",
    );
  makeFolder(places.data);
  const path = hookPath(places);
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, program(process.execPath, join(places.packageRoot, "bin", "holdpoint.js")));
  chmodSync(fresh, 0o755);
  renameSync(fresh, path);
}

/**
 * Statuses other than 0 and 2 let the tool run in some agents: a Node that is gone or was killed must not. What a debugger
 * puts into NODE_OPTIONS is not for the guard.
 */
function program(node: string, cli: string): string {
  return `#!/bin/sh
# Installed by \`holdpoint init\`: started by agents before they use a tool.
unset NODE_OPTIONS
node=${quote(node)}
cli=${quote(cli)}
if [ -x "$node" ] && [ -r "$cli" ]; then
  "$node" "$cli" hook "$@" || status=$?
elif command -v holdpoint >/dev/null 2>&1; then
  holdpoint hook "$@" || status=$?
else
  echo "holdpoint: denied: the guard is gone from $cli; install it, then run: holdpoint init $1 --yes (or --undo)" >&2
  exit 2
fi
[ -z "\${status-}" ] || exit 2
`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
