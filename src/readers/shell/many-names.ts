import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { isGitCommand } from "../git/git.js";
import type { Table } from "../reader.js";

/**
 * Programs that do what their argv[0] says, whichever file it was that was started: `exec -a git-reset git --hard`,
 * `subprocess.run(["rm", "-rf", "x"], executable="busybox")`, `/usr/lib/git-core/git-clean -f`. The call as if it were spelled out.
 * `word`: its argv[0].
 */
export function spelledOut(call: Call, table: Table, word = call.argv[0]): Call {
  const { tool, argv } = call;
  if (!isKnown(tool) || word === undefined || !isKnown(word)) return call;
  if (word === tool && !word.startsWith("git-")) return call;
  const name = word.slice(word.lastIndexOf("/") + 1);
  const command = name.startsWith("git-") ? name.slice("git-".length) : undefined;
  if (command !== undefined && (tool === "git" || (tool === name && isGitCommand(command))))
    return { ...call, tool: "git", argv: ["git", command, ...argv.slice(1)] };
  if (name === tool) return call;
  // A login shell's: `-sh`.
  const plain = name.replace(/^-/, "");
  if (boxes.has(tool)) return { ...call, argv: [tool, plain, ...argv.slice(1)] };
  return manyNamed.has(tool) && table.has(plain) ? { ...call, tool: plain } : call;
}

/** They take the other name as their first word, too. */
const boxes: ReadonlySet<string> = new Set(["busybox", "toybox", "coreutils"]);

/** systemctl(1) as `reboot`, lvm(8) as `lvremove`, kmod(8) as `rmmod`, sudo(8) as `sudoedit`, vim(1) as `ex`. */
const manyNamed: ReadonlySet<string> = new Set([
  "systemctl",
  "lvm",
  "kmod",
  "mke2fs",
  "tune2fs",
  "nix",
  "sudo",
  "vim",
  "nvim",
  "bun",
  "rustup",
  "zstd",
]);
