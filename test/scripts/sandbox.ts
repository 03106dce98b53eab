import { spawnSync } from "node:child_process";

/** Why no sandbox can be had here; undefined where one can. */
export function whyNoSandbox(): string | undefined {
  if (process.platform !== "linux") return "only Linux has it";
  const { status, error, stderr } = spawnSync(
    "bwrap",
    ["--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "true"],
    { encoding: "utf8" },
  );
  if (error !== undefined) return `bwrap does not start: ${error.message}`;
  return status === 0 ? undefined : stderr.trim();
}
