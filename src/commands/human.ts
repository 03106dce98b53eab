import { readlinkSync } from "node:fs";
import { isatty } from "node:tty";

/** Where a human can be asked: in front of a relay, or on a terminal that the command shares. */
export interface Human {
  readonly kind: "relay" | "shared";
  /** Of their terminal. */
  readonly path: string;
}

/** Undefined where none of this process's descriptors is a terminal. */
export function findHuman(relay: boolean): Human | undefined {
  const descriptor = [0, 1, 2].find((each) => isatty(each));
  if (descriptor === undefined) return undefined;
  return { kind: relay && isatty(0) && isatty(1) ? "relay" : "shared", path: terminalPath(descriptor) };
}

function terminalPath(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "/dev/tty";
  }
}
