import { type SandboxSetting, usualSandbox } from "../../src/model/sandbox-setting.js";
import type { Manifest } from "../../src/model/scope.js";
import type { PlanInput } from "../../src/sandbox/input.js";
import type { Mount } from "../../src/sandbox/mounts.js";
import { nearest } from "../../src/sandbox/mounts.js";
import { planSandbox, type SandboxPlan } from "../../src/sandbox/plan.js";
import { type FakeFile, fakeWorld } from "../fake-world.js";

export const home = "/home/me";
export const workspace = "/home/me/w";

export interface Given extends Partial<Omit<PlanInput, "setting" | "look" | "manifests">> {
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly setting?: Partial<SandboxSetting>;
  readonly manifests?: readonly Partial<Manifest>[];
}

/** A small machine: a home, a workspace, and what each machine has. */
export function inputOf({ files = {}, setting = {}, manifests = [], ...rest }: Given = {}): PlanInput {
  const machine: Record<string, FakeFile> = { ...usual, ...files };
  return {
    home,
    cwd: workspace,
    workspace,
    uid: 1000,
    env: { HOME: home },
    command: ["bash"],
    programs: ["/usr/bin/node"],
    guardPaths: ["/home/me/.config/holdpoint", "/home/me/.local/state/holdpoint"],
    sessionDirectory: "/run/user/1000/holdpoint/x",
    packageRoot: "/usr/lib/holdpoint",
    hasNet: false,
    ...rest,
    setting: { ...usualSandbox, ...setting },
    manifests: manifests.map((one) => ({ ...emptyManifest, ...one })),
    look: fakeWorld({ home, workspace, files: machine }),
  };
}

const usual: Readonly<Record<string, FakeFile>> = Object.fromEntries(
  [
    ...[
      "/tmp",
      "/var/tmp",
      "/run",
      "/usr/lib/holdpoint/bin",
      "/usr/lib/holdpoint/dist",
      "/usr/lib/holdpoint/shims",
    ],
    ...["/run/user/1000/holdpoint/x", "/home/me/.config/holdpoint", "/home/me/.local/state/holdpoint"],
  ].map((path) => [path, { dir: true }]),
);

const emptyManifest: Manifest = {
  file: `${workspace}/holdpoint.yaml`,
  folder: workspace,
  isTrusted: false,
  purpose: undefined,
  environments: [],
  files: { read: undefined, write: undefined, never: [] },
  credentials: undefined,
  backups: [],
};

export function planOf(given: Given = {}): SandboxPlan {
  const plan = planSandbox(inputOf(given));
  if ("refused" in plan) throw new Error(plan.refused);
  return plan;
}

/** How a path is seen: by the last mount that covers it. */
export function seen(
  { mounts }: { readonly mounts: readonly Mount[] },
  path: string,
): Mount["kind"] | "root" {
  return nearest(new Map(mounts.map((mount) => [mount.path, mount])), path)?.kind ?? "root";
}
