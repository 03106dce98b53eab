import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { FileEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { deletion, readPaths, toolName } from "../file-effects.js";
import { joinPath } from "../path.js";
import { effects, nothing, type Reader } from "../reader.js";
import { readDesktop } from "./synonyms.js";

/** A bin keeps what is put into it; emptying it is the deletion. */
export const trash: Reader = {
  names: ["trash", "trash-put", "trash-empty", "trash-rm", "gio"],
  read(call, world) {
    const tool = toolName(call);
    const words = call.argv.slice(1);
    if (tool === "gio" && words[0] !== "trash") return readDesktop(words, call);
    if (words.some((word) => /^(--(help|version|dry-run|list|restore)|-h)$/.test(String(word))))
      return nothing;
    const isEmptied = tool === "trash-empty" || words.some((word) => /^(--empty|-e)$/.test(String(word)));
    if (isEmptied || tool === "trash-rm") return effects(...emptied(call, world));
    const files = words.slice(tool === "gio" ? 1 : 0).filter(isFile);
    return effects(
      ...readPaths(call, world, files, "delete", (path) => [
        { ...deletion(tool, path, true), recovery: "trash", because: "goes to the trash" },
      ]),
    );
  },
};

function isFile(word: Arg): boolean {
  return !(isKnown(word) ? word : word.prefix).startsWith("-");
}

/** Of freedesktop.org's bin and of macOS', whichever is there. */
function emptied(call: Call, { user, lstat }: World): readonly FileEffect[] {
  const [linux, mac] = [".local/share/Trash", ".Trash"].map((name) => joinPath(user.home, name));
  const bin = [mac, linux].find((path) => path !== undefined && lstat(path).exists) ?? linux ?? user.home;
  return [{ ...deletion(toolName(call), bin, true), recovery: "none", because: "the trash is emptied" }];
}
