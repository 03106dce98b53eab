import type { Redirection } from "unbash";
import { type Arg, fromNetwork, isKnown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Stdin } from "../model/call.js";
import type { Place } from "./place.js";
import { noteFile, type State } from "./state.js";
import { readStored } from "./stored.js";
import { deleteEntry } from "./table.js";
import { assign, readVariable, scalar } from "./variable.js";

/** What descriptors gave before a command opened them anew, by number; undefined for one that was not open. */
export type OpenedBefore = ReadonlyMap<number, Arg | undefined>;

/**
 * Descriptors above 2 are kept like files that the line made, at the paths that the system gives them: so `source
 * /dev/fd/3`, `bash /proc/self/fd/3` and `bash <&3` read what `exec 3<<< …` holds.
 */
export function openDescriptor(state: State, number: number, content: Arg | undefined): void {
  for (const path of pathsOf(number)) {
    if (content === undefined) deleteEntry(state.files, path);
    else noteFile(state, path, content);
  }
}

/** What reading from it would give; undefined for one that the line has not opened. */
export function heldBy(state: State, number: number): Arg | undefined {
  return state.files.map.get(`/dev/fd/${number}`);
}

export function closeDescriptors(state: State, before: OpenedBefore | undefined): void {
  for (const [number, content] of before ?? []) openDescriptor(state, number, content);
}

/** The descriptor that a redirection is about; undefined for the operator's own. `{fd}<` takes the first from 10 on. */
export function numberOf(place: Place, state: State, node: Redirection): number | undefined {
  const { descriptor } = node;
  if (descriptor === undefined || descriptor.type === "FileDescriptor") return descriptor?.value;
  const { name } = descriptor;
  const isClosing = node.type === "Redirect" && node.target?.text === "-";
  const held = readVariable(place, state, name);
  if (isClosing) {
    const isPlain = held.kind === "scalar" && isKnown(held.text) && /^\d{1,4}$/.test(held.text);
    return isPlain ? Number(held.text) : 10;
  }
  let number = 10;
  while (heldBy(state, number) !== undefined) number += 1;
  assign(place, state, name, scalar(String(number)));
  return number;
}

export function contentOf(place: Place, state: State, stdin: Stdin): Arg {
  switch (stdin.kind) {
    case "none":
      return "";
    case "text":
      return stdin.text;
    case "file":
      return readStored(place, state, stdin.path);
    case "terminal":
      return unknown("/dev/stdin", "it is typed on the terminal");
    case "unknown":
      return { ...(stdin.lines ?? unknown("/dev/stdin", stdin.reason)), reason: stdin.reason };
    default:
      return assertNever(stdin);
  }
}

export function stdinOf(content: Arg, from: "heredoc" | "pipe" | "file"): Stdin {
  return isKnown(content)
    ? { kind: "text", text: content, from }
    : {
        kind: "unknown",
        reason: content.reason,
        ...(content.shape !== undefined && { lines: content }),
      };
}

/** Why what `/dev/tcp/host/port` gives is not known; undefined for any other target. A server of this machine is one's own. */
export function socketReason(target: Arg): string | undefined {
  const path = isKnown(target) ? target : target.prefix;
  if (!/^\/dev\/(tcp|udp)\//.test(path)) return undefined;
  return /^\/dev\/\w+\/(localhost|127\.[\d.]+|\[?::1\]?)\//.test(path)
    ? "comes over a connection"
    : fromNetwork;
}

function pathsOf(number: number): readonly string[] {
  return [`/dev/fd/${number}`, `/proc/self/fd/${number}`];
}
