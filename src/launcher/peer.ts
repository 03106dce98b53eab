import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Standing } from "../model/approver.js";
import { systemProcesses } from "./processes.js";
import { judgeStanding } from "./standing.js";

/** What it takes to know a peer: Node has no SO_PEERCRED, so that a program of ours asks the kernel. */
export interface DoorOptions {
  /** The compiled `shims/peer.c`. */
  readonly program: string;
  /** Real path of holdpoint's own script. */
  readonly script: string;
}

/** Who is at the other end of a unix socket, and whether it may answer for the human. Never rejects. */
export async function identify(
  socket: Socket,
  { program, script }: DoorOptions,
  needsTerminal: boolean,
): Promise<Standing> {
  const peer = await askKernel(socket, program);
  if (peer === undefined)
    return { ok: false, reason: "the kernel does not say which process it is (holdpoint doctor knows more)" };
  if (peer.uid !== process.getuid?.()) return { ok: false, reason: "it belongs to another user" };
  const guard = { broker: process.pid, reaper: peer.reaper, script };
  return judgeStanding(peer.pid, guard, systemProcesses, needsTerminal);
}

/**
 * The other way round: whether this process stands outside of the session that listens at the other end. The session's number
 * is the kernel's, not its own word; an imitation could do no more than refuse.
 */
export async function standBeside(socket: Socket, { program, script }: DoorOptions): Promise<Standing> {
  const broker = await askKernel(socket, program);
  if (broker === undefined)
    return { ok: false, reason: "the kernel does not say which process it is (holdpoint doctor knows more)" };
  const guard = { broker: broker.pid, reaper: broker.reaper, script };
  return judgeStanding(process.pid, guard, systemProcesses, true);
}

interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly reaper: number;
}

function askKernel(socket: Socket, program: string): Promise<Peer | undefined> {
  return new Promise((resolve) => {
    try {
      const child = spawn(program, [], {
        stdio: ["ignore", "pipe", "ignore", socket],
        env: {},
        timeout: 5000,
      });
      // Node stops reading from a socket that it hands to a child.
      socket.resume();
      let said = "";
      child.stdout?.setEncoding("latin1").on("data", (text: string) => {
        said += text;
      });
      child.once("error", () => resolve(undefined));
      child.once("close", (status) => resolve(status === 0 ? parse(said) : undefined));
    } catch {
      // The socket is closed already.
      resolve(undefined);
    }
  });
}

function parse(text: string): Peer | undefined {
  const [pid, uid, reaper] = (/^(\d+) (\d+) (\d+)\n$/.exec(text) ?? []).slice(1).map(Number);
  return pid === undefined || uid === undefined || reaper === undefined ? undefined : { pid, uid, reaper };
}
