import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { encodeBytes } from "../model/bytes.js";
import type { ShimCall } from "./protocol.js";

/** What tells a bash by itself that its text was judged, with the call that became this shell. */
export interface JudgedMarks {
  /** False where none could be left: the shell asks. `path`: PATH as the shell will find it. */
  leave(token: string, call: ShimCall, path: string, text: string): boolean;
  /** Takes it away. False when the shell has used it, or it is gone. */
  take(token: string): boolean;
}

/**
 * Files beside the shells' start-up files, where whoever writes is held by `guard/own-files`. bashenv.sh reads one with builtins
 * alone and empties it: for this token, this process, this text, and with the PATH that the broker has seen. Whatever does not
 * fit is asked about. They are used again, for a file takes longer to make than the rest of an answer.
 */
export function judgedMarks(rc: string): JudgedMarks {
  const start = `${rc}/bashenv.sh`;
  /** By the letter that a token begins with: whose mark lies there, unless it was used. */
  const holders = new Map<string, string>();
  return {
    leave(token, { name, env, pid }, path, text) {
      if (name !== "bash" || env.get("BASH_ENV") !== start || text.length > longest) return false;
      const isLeft = within(rc, token, (file) => {
        // One that waits to be read, or that somebody else wrote.
        if (fstatSync(file).size > 0) return false;
        // Neither of the first two has a space in it. Two texts, for bash takes its time to read one.
        writeSync(file, encodeBytes(`${token} ${pid} ${path}\0${text}\0`));
        return true;
      });
      if (isLeft) holders.set(letterOf(token), token);
      return isLeft;
    },
    take(token) {
      if (holders.get(letterOf(token)) !== token) return false;
      holders.delete(letterOf(token));
      return within(rc, token, (file) => {
        const isWhole = fstatSync(file).size > 0;
        ftruncateSync(file);
        return isWhole;
      });
    },
  };
}

function within(rc: string, token: string, work: (file: number) => boolean): boolean {
  try {
    // Not through a link, to where somebody else would have it written.
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    const file = openSync(`${rc}/judged.${letterOf(token)}`, flags, 0o600);
    try {
      return work(file);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

function letterOf(token: string): string {
  return token.slice(0, 1);
}

/** bash reads one character after the other. */
const longest = 20_000;
