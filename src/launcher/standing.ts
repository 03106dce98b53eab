import type { Standing } from "../model/approver.js";
import { type Processes, type ProcessFacts, terminalName } from "./processes.js";

/** The session's own side of the matter. */
export interface Guard {
  /** The broker's process. */
  readonly broker: number;
  /** Who adopts a process of the session whose parent ends. */
  readonly reaper: number;
  /** Real path of holdpoint's own script. */
  readonly script: string;
}

/**
 * Whether a process may answer for the human: it is holdpoint itself, started from outside of every session, and, where it
 * `needsTerminal`, sits on a terminal that is not in an agent's hands. Nothing here believes what the process says of itself.
 *
 * Outside means: going up from parent to parent, no session is met. An agent's process that got rid of its parents (double
 * fork, `setsid`, a daemon) was adopted by the reaper or the first process, and one that a service manager started for the
 * agent (`systemd-run`, cron, D-Bus) hangs below that. Such processes are younger than the session, while a human's login,
 * terminal or desktop that was there before is not: so whoever stands right below one of those must be older.
 */
export function judgeStanding(
  pid: number,
  guard: Guard,
  processes: Processes,
  needsTerminal: boolean,
): Standing {
  const broker = processes.read(guard.broker);
  const peer = processes.read(pid);
  if (broker === undefined || peer === undefined) return refused("its process cannot be looked at");
  if (peer.script !== guard.script)
    return refused(`process ${pid} (${peer.name}) is not this session's own holdpoint, "${guard.script}"`);
  const watch = { ...guard, startedAt: broker.startedAt, above: above(guard, processes), processes };
  const inside = findInside(pid, watch);
  if (inside !== undefined) return refused(inside);
  if (peer.terminal === 0)
    return needsTerminal
      ? refused("it has no terminal: an answer is typed by a person, in a terminal window")
      : { ok: true, pid, terminal: undefined };
  const terminal = terminalName(peer.terminal);
  for (const holder of processes.holders(peer.terminal)) {
    // A window that is just being opened holds the others for as long as it takes to start its shell: it is gone by now.
    const why = findInside(holder, watch);
    if (processes.read(holder) === undefined) continue;
    if (why !== undefined) return refused(`its terminal ${terminal} is held from elsewhere: ${why}`);
  }
  return { ok: true, pid, terminal };
}

interface Watch extends Guard {
  readonly startedAt: number;
  /** The reaper and all above it: processes that may have adopted what the session left, or that start things for anyone. */
  readonly above: ReadonlySet<number>;
  readonly processes: Processes;
}

/** What of its ancestry puts a process inside a session, or leaves that open. */
function findInside(pid: number, watch: Watch): string | undefined {
  const chain = ancestry(pid, watch.processes);
  if (chain === undefined) return `where process ${pid} comes from cannot be seen`;
  if (chain.some((each) => each.pid === watch.broker))
    return `process ${pid} was started inside this session`;
  for (const [at, each] of chain.entries()) {
    const below = chain[at - 1];
    if (below === undefined || !startsForAnyone(each, watch) || below.startedAt < watch.startedAt) continue;
    return `${say(below)} was started after the session began, by or left to ${say(each)}, so it may be the agent's own: use a terminal that was open before, or a new window of one, or log in anew`;
  }
  // Of other sessions, and of this one where a service that is older was made to work for it.
  for (const [at, each] of chain.entries()) {
    if (each.session !== undefined) return `${say(each)} belongs to the guarded session ${each.session}`;
    // Another approver starts nothing but what reads its keyboard.
    if (at > 0 && each.script === watch.script && each.verb !== "approve")
      return `it was started inside a session, by ${say(each)}`;
  }
  return undefined;
}

function startsForAnyone(each: ProcessFacts, { above }: Watch): boolean {
  return each.pid === 1 || above.has(each.pid) || managers.has(each.name);
}

/** Service managers that stand beside the session's own line and start what a user's program tells them to. */
const managers: ReadonlySet<string> = new Set(
  "systemd cron crond fcron atd anacron dbus-daemon dbus-broker dbus-broker-lau supervisord runsvdir s6-svscan launchd".split(
    " ",
  ),
);

/** From the reaper up. A session's orphans cannot be adopted below it. */
function above({ broker, reaper }: Guard, processes: Processes): ReadonlySet<number> {
  const pids = (ancestry(broker, processes) ?? []).map((each) => each.pid);
  const at = pids.indexOf(reaper);
  return new Set(at < 0 ? [...pids.slice(1), reaper] : pids.slice(at));
}

/** The process itself, its parent and so on to the first; undefined when one of them cannot be read. */
function ancestry(pid: number, processes: Processes): readonly ProcessFacts[] | undefined {
  // One that ends meanwhile leaves its child to another parent.
  return climb(pid, processes) ?? climb(pid, processes) ?? climb(pid, processes);
}

function climb(pid: number, processes: Processes): readonly ProcessFacts[] | undefined {
  const chain: ProcessFacts[] = [];
  for (let at = pid; at > 0; ) {
    const facts = processes.read(at);
    if (facts === undefined || chain.length > deepest) return undefined;
    chain.push(facts);
    at = facts.parent;
  }
  return chain;
}

const deepest = 500;

function say({ name, pid }: ProcessFacts): string {
  return `"${name}" (process ${pid})`;
}

function refused(reason: string): Standing {
  return { ok: false, reason };
}
