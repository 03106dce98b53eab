import type { PlanInput } from "./input.js";
import { isFolder } from "./look.js";
import type { Mount, Place } from "./mounts.js";

/** What is not the machine's own inside: devices, processes, temporary folders, what runs. */
export function findGround({ setting, env, look, home, workspace }: PlanInput): readonly Place[] {
  const mounts: Mount[] = [
    { kind: "dev", path: "/dev" },
    { kind: "proc", path: "/proc" },
    { kind: "tmpfs", path: "/dev/shm", mode: 0o1777 },
  ];
  const isShared = setting.tmp === "shared";
  for (const [path, name] of [
    ["/tmp", "tmp"],
    ["/var/tmp", "var-tmp"],
  ] as const)
    if (look.realpath(path) === path && isFolder(path, look))
      mounts.push(isShared ? { kind: "write", path } : { kind: "private", path, name });
  for (const path of ["/run", "/var/run"])
    if (look.realpath(path) === path && isFolder(path, look))
      mounts.push({ kind: "tmpfs", path, mode: 0o755 });
  const runtime = runtimeOf(env, look);
  if (runtime !== undefined && runtime !== look.realpath(home) && runtime !== workspace)
    mounts.push(
      setting.share.includes("runtime")
        ? { kind: "write", path: runtime }
        : { kind: "tmpfs", path: runtime, mode: 0o700 },
    );
  return mounts.map((mount) => ({ path: mount.path, as: "ground", mount }));
}

/** The real path of `$XDG_RUNTIME_DIR`, where that is a folder of its own. */
export function runtimeOf(env: PlanInput["env"], look: PlanInput["look"]): string | undefined {
  const written = env["XDG_RUNTIME_DIR"];
  if (written?.startsWith("/") !== true) return undefined;
  const real = look.realpath(written);
  return isFolder(real, look) && real.split("/").length > 2 ? real : undefined;
}
