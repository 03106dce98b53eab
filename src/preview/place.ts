import { isKnown } from "../model/arg.js";
import type { Effect } from "../model/effect.js";
import type { JudgedCall } from "../model/judgement.js";

/**
 * Whether what is looked up from here is what the call would meet: it runs on this machine, in its own file system and
 * network, as this user. `docker exec db psql` and `sudo -u postgres psql` reach another server, or another's rights.
 */
export function runsHere(effect: Effect, call: JudgedCall): boolean {
  if (effect.machine !== undefined) return false;
  // In a pod it is elsewhere; the cluster itself is asked from here.
  if (effect.context !== undefined && effect.resource !== "kubernetes") return false;
  if (effect.resource === "file" && effect.place === "remote") return false;
  return (
    isKnown(call.tool) && isKnown(call.cwd) && call.via.every((via) => plain.has(via.split(" ")[0] ?? ""))
  );
}

/** What starts a program as it stands, with the user, the machine and the files that it has itself. */
const plain: ReadonlySet<string> = new Set(
  [
    "bash sh dash zsh ksh fish eval source . exec command builtin env xargs gxargs find fd parallel rust-parallel",
    "nohup gnohup nice gnice ionice timeout gtimeout time gtime setsid stdbuf gstdbuf unbuffer chronic taskset",
    "watch flock script make gmake just npm npx pnpm yarn bun bunx node python python3 trap coproc git",
  ].flatMap((names) => names.split(" ")),
);
