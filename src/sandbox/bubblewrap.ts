import type { Mount } from "./mounts.js";
import type { SandboxPlan } from "./plan.js";

export interface Bubblewrapped {
  readonly plan: SandboxPlan;
  /**
   * The session's own folder outside: `tmp` and `var-tmp` (1777), `nothing` (an empty file of mode 000), and `scratch/N/upper`,
   * `scratch/N/work` for each of the plan's caches.
   */
  readonly privateFolder: string;
  readonly hasNet: boolean;
  /** The program `inside`, and its steps. */
  readonly inside: string;
  readonly insideSteps: readonly string[];
  /** `--` and the command, or `check`. */
  readonly last: readonly string[];
}

/**
 * The arguments of bwrap 0.6 or later. Never `--new-session`: the relay's terminal gives job control, and its own session
 * keeps the human's terminal out of reach. No user namespace is forbidden inside: agents make sandboxes of their own.
 */
export function bubblewrapArguments(given: Bubblewrapped): readonly string[] {
  const { plan, privateFolder, hasNet, inside, insideSteps, last } = given;
  return [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(hasNet ? ["--unshare-net"] : []),
    // `inside` is the first process: bwrap's own would stay in the mounts from before its steps, for anyone to walk by /proc/1/root.
    ...["--as-pid-1", "--die-with-parent"],
    ...["--ro-bind", "/", "/"],
    ...plan.mounts.flatMap((mount) => argumentsOf(mount, privateFolder)),
    // An upper layer has to be writable; `inside` covers it as soon as the caches are mounted.
    ...(plan.scratches.length === 0
      ? []
      : ["--bind", `${privateFolder}/scratch`, `${privateFolder}/scratch`]),
    // Once all that lies in it has been put there.
    ...plan.mounts.flatMap(({ kind, path }) => (kind === "empty-folder" ? ["--remount-ro", path] : [])),
    ...plan.unset.flatMap((name) => ["--unsetenv", name]),
    ...Object.entries(plan.set).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--chdir", plan.cwd],
    // For what `inside` mounts, and to drop all of them for good before the command starts.
    ...["--cap-add", "ALL"],
    ...["--", inside, ...insideSteps, ...last],
  ];
}

function argumentsOf(mount: Mount, privateFolder: string): readonly string[] {
  const { kind, path } = mount;
  switch (kind) {
    case "read":
      return ["--ro-bind", path, path];
    case "write":
      return ["--bind", path, path];
    case "private":
      return ["--bind", `${privateFolder}/${mount.name}`, path];
    case "empty-folder":
      return ["--perms", "0000", "--tmpfs", path];
    case "empty-file":
      return ["--ro-bind", `${privateFolder}/nothing`, path];
    case "tmpfs":
      return ["--perms", mount.mode.toString(8).padStart(4, "0"), "--tmpfs", path];
    case "dev":
      return ["--dev", path];
    case "proc":
      return ["--proc", path];
    case "link":
      return ["--symlink", mount.to, path];
  }
}
