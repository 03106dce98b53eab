import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path/posix";
import { decodeBytes } from "../model/bytes.js";
import { encodeFrame } from "../model/frame.js";
import type { HandedOut } from "../model/sandbox-port.js";
import type { Sight } from "../world/view.js";
import type { Covered } from "./covered.js";

/** What opens programs for shims in a sandbox, and where it listens. */
export interface HandOutOptions {
  /** `shims/programs.c`, compiled. */
  readonly server: string;
  /** The command in which it opens programs: what it hands out leads nowhere but through the files that this shows. */
  readonly around: readonly string[];
  /** Of the session; a socket `programs` and a folder `scripts` are made in it. */
  readonly folder: string;
  readonly covered: Covered;
  readonly sight: Sight;
  /** The server has ended by itself: from now on nothing can be handed out. */
  readonly onLost: () => void;
}

/** The real programs, for shims that were let through. */
export interface HandOut {
  /** Undefined for a program that its path leads to. */
  of(program: string, argv: readonly string[]): HandedOut | undefined;
  close(): void;
}

/**
 * Starts what hands the real programs to shims in a sandbox: in there no path leads to them. A script is read by its interpreter,
 * which needs a path, and may look at its own name: it gets one in a folder of the session's.
 */
export function openHandOut({ server, around, folder, covered, sight, onLost }: HandOutOptions): HandOut {
  const scripts = join(folder, "scripts");
  mkdirSync(scripts, { mode: 0o700 });
  const args = [join(folder, "programs"), ...around, server, "3"];
  const child = spawn(server, args, { stdio: ["pipe", "ignore", "inherit"], env: {} });
  let isOver = false;
  const lost = () => {
    if (!isOver) onLost();
    isOver = true;
  };
  child.once("error", lost).once("exit", lost);
  child.stdin.on("error", lost);
  const places = new Map<string, string>();

  function release(path: string): string {
    const token = randomBytes(16).toString("hex");
    child.stdin.write(encodeFrame(["release", token, path]));
    return token;
  }

  /** Where its interpreter reads a script: a link to it, or a copy of what lies under a name that leads to a shim. */
  function scriptPlace(script: string, name: string): string {
    const real = sight.realpath(script);
    const { ino, mtimeMs } = statSync(sight.outside(real));
    const key = `${real}\0${name}\0${ino}\0${mtimeMs}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const own = join(scripts, String(places.size));
    mkdirSync(own, { mode: 0o700 });
    const place = join(own, name);
    if (covered.covers(real)) copyFileSync(sight.outside(real), place);
    else symlinkSync(real, place);
    places.set(key, place);
    return place;
  }

  function of(program: string, argv: readonly string[], depth = 0): HandedOut | undefined {
    if (!covered.covers(program)) return depth === 0 ? undefined : { program, argv };
    const real = sight.realpath(program);
    const head = sight.readFile(real, longestHead);
    const script = head.ok ? interpreterOf(head.bytes) : undefined;
    if (script === undefined || depth >= mostInterpreters)
      return { token: release(real), program: real, argv };
    const words = [script.program, ...script.argument, scriptPlace(program, basename(program))];
    return of(script.program, [...words, ...argv.slice(1)], depth + 1);
  }

  return {
    of: (program, argv) => of(program, argv),
    close: () => {
      isOver = true;
      end(child);
    },
  };
}

function end(child: ChildProcess): void {
  child.stdin?.end();
  child.kill();
}

/** Of a script's first line: execve(2), "Interpreter scripts". */
function interpreterOf(
  bytes: Uint8Array,
): { readonly program: string; readonly argument: readonly string[] } | undefined {
  const [line = ""] = decodeBytes(bytes).split("\n", 1);
  const [, program, argument] = /^#![ \t]*([^ \t]+)(?:[ \t]+(.*?))?[ \t]*$/.exec(line) ?? [];
  if (program === undefined) return undefined;
  return { program, argument: argument ? [argument] : [] };
}

/** Bytes of a first line that Linux reads: BINPRM_BUF_SIZE. */
const longestHead = 256;

/** Interpreters that are scripts themselves, as the kernel follows them. */
const mostInterpreters = 4;
