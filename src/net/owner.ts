import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { systemProcesses } from "../launcher/processes.js";
import type { WireOwner } from "../model/wire.js";

/**
 * The process that holds the other end of a connection on loopback; undefined where the system does not show it. Looks through the
 * descriptors of all processes, so it is asked for what somebody is asked about, and not for each request.
 */
export function ownerOf(port: number, serverPort: number): WireOwner | undefined {
  const inode = inodeOf(port, serverPort);
  if (inode === undefined) return undefined;
  for (const name of list("/proc")) {
    const pid = Number(name);
    if (!(pid > 0) || !holds(pid, `socket:[${inode}]`)) continue;
    const facts = systemProcesses.read(pid);
    if (facts === undefined) return undefined;
    return { pid, parentPid: facts.parent, program: facts.name, cwd: link(`/proc/${pid}/cwd`) };
  }
  return undefined;
}

/** Of the client's socket, by the ports at its two ends: proc(5), `/proc/net/tcp`. */
function inodeOf(port: number, serverPort: number): string | undefined {
  const ends = [port, serverPort].map((each) => each.toString(16).toUpperCase().padStart(4, "0"));
  const row = new RegExp(`^ *\\d+: \\w+:${ends[0]} \\w+:${ends[1]}(?: +\\S+){6} +(\\d+)`, "m");
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const found = row.exec(text(table) ?? "")?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

function holds(pid: number, socket: string): boolean {
  return list(`/proc/${pid}/fd`).some((name) => link(`/proc/${pid}/fd/${name}`) === socket);
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
