import { spawnSync } from "node:child_process";
import { dirname } from "node:path";

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

export const python = (code: string): readonly string[] => ["python3", "-c", code];
export const shell = (text: string): readonly string[] => ["sh", "-c", text];

/** Programs that no shim stands for, each with its own way to do away with a file's content. In a folder with `src`, where they may write. */
export function waysToDestroy(path: string): readonly (readonly string[])[] {
  return [
    ["src/copied", "-f", path],
    ["/bin/busybox", "rm", "-f", path],
    ["perl", "-e", `unlink(${JSON.stringify(path)}) or die $!`],
    python(`import os; os.unlink(${JSON.stringify(path)})`),
    python(`open(${JSON.stringify(path)}, "w")`),
    python(`import os; os.rename(${JSON.stringify(path)}, "src/taken")`),
    python(`import os; os.truncate(${JSON.stringify(path)}, 0)`),
    python(`import os; open("src/new", "w").close(); os.rename("src/new", ${JSON.stringify(path)})`),
    ["unshare", "-Urm", "sh", "-c", `mount -o remount,rw /; : > '${path}'`],
  ];
}

/** To get at a file's content. */
export function waysToRead(path: string): readonly (readonly string[])[] {
  return [
    ["cat", path],
    ["/bin/busybox", "cat", path],
    ["dd", `if=${path}`],
    ["perl", "-ne", "print", path],
    python(`print(open(${JSON.stringify(path)}).read())`),
    python(`import os; os.link(${JSON.stringify(path)}, "src/linked"); print(open("src/linked").read())`),
    ["cat", `/proc/1/root${path}`],
    ["cat", `/proc/self/root${path}`],
    ["chmod", "777", path],
    ["unshare", "-Urm", "sh", "-c", `umount -l '${path}'; umount -l '${dirname(path)}'; cat '${path}'`],
    ["unshare", "-Urm", "sh", "-c", `mkdir -p src/m; mount --bind / src/m; cat 'src/m${path}'`],
    [
      "unshare",
      "-Urm",
      "sh",
      "-c",
      `mkdir -p src/m; mount --rbind / src/m; umount -l 'src/m${path}'; cat 'src/m${path}'`,
    ],
  ];
}
