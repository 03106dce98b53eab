import { statSync, unlinkSync, writeFileSync } from "node:fs";
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
 * fit is asked about.
 */
export function judgedMarks(rc: string): JudgedMarks {
  const start = `${rc}/bashenv.sh`;
  const fileOf = (token: string) => `${rc}/judged.${token}`;
  return {
    leave(token, { name, env, pid }, path, text) {
      if (name !== "bash" || env.get("BASH_ENV") !== start || text.length > longest) return false;
      try {
        // Not over what somebody else put there.
        writeFileSync(fileOf(token), encodeBytes(`${pid}\0${path}\0${text}\0`), { flag: "wx", mode: 0o600 });
        return true;
      } catch {
        return false;
      }
    },
    take(token) {
      try {
        const isWhole = statSync(fileOf(token)).size > 0;
        unlinkSync(fileOf(token));
        return isWhole;
      } catch {
        return false;
      }
    },
  };
}

/** bash reads one character after the other. */
const longest = 20_000;
