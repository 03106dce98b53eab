import { spawnSync } from "node:child_process";
import { whyNoSandbox } from "./sandbox.js";
import { cli } from "./session.js";

/** Somebody to start a session as. */
export interface Starter {
  readonly name: string;
  /** Words in front of a command that make it run so. */
  readonly before: readonly string[];
  /** Whose files it writes; undefined: whoever runs the tests. */
  readonly uid?: number;
  /** Why it cannot be tried. */
  readonly why: string | undefined;
}

/** Whoever runs the tests, and, where that is root, somebody who is not. */
export function starters(): readonly Starter[] {
  const why = whyNoSandbox();
  const self = { name: process.getuid?.() === 0 ? "root" : "a plain user", before: [], why };
  if (process.getuid?.() !== 0) return [self];
  const before = ["setpriv", "--reuid", String(plain), "--regid", String(plain), "--clear-groups"];
  const { status } = spawnSync("setpriv", [...before.slice(1), "test", "-r", cli]);
  const other = { name: "a plain user", before, uid: plain };
  return [self, { ...other, why: why ?? (status === 0 ? undefined : "others cannot read this checkout") }];
}

/** A number that no account has. */
const plain = 54_321;
