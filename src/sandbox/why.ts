/** What there is of what a sandbox needs. */
export interface SandboxFacts {
  readonly platform: string;
  /** What `bwrap --version` says; undefined: there is no bwrap on PATH. */
  readonly bubblewrap: string | undefined;
  /** Whether `inside` was built. */
  readonly hasInside: boolean;
  /** `uname -r`. */
  readonly kernel: string;
  readonly isRoot: boolean;
  /** Of `/proc/sys`, without the line's end; undefined: there is none. */
  readonly settings: {
    readonly unprivilegedUsernsClone: string | undefined;
    readonly maxUserNamespaces: string | undefined;
    readonly apparmorRestrictUserns: string | undefined;
  };
  /** In a container: its own rules forbid what the machine's do not. */
  readonly isContainer: boolean;
}

/** Why there can be none here, and what to do about it. Lower case, no full stop. */
export interface Obstacle {
  readonly reason: string;
  readonly remedy: string;
}

/** One trial: `namespace`, bwrap by itself with `true`; `overlay`, with `inside` and an overlay of each kind, as a session has them. */
export type Trial = "namespace" | "overlay";
export type TryOut = (trial: Trial) => Promise<{ readonly status: number; readonly stderr: string }>;

/** Undefined: it can be had, tried out a moment ago. */
export async function whyNoSandbox(facts: SandboxFacts, tryOut: TryOut): Promise<Obstacle | undefined> {
  const missing = whatIsMissing(facts);
  if (missing !== undefined) return missing;
  const namespace = await tryOut("namespace");
  if (namespace.status !== 0) return whyNoNamespace(facts, namespace.stderr);
  const overlay = await tryOut("overlay");
  return overlay.status === 0 ? undefined : whyNoOverlay(facts, overlay.stderr);
}

function whatIsMissing({ platform, bubblewrap, hasInside }: SandboxFacts): Obstacle | undefined {
  if (platform !== "linux")
    return { reason: `a sandbox needs Linux, and this is ${platform}`, remedy: "start without --sandbox" };
  if (bubblewrap === undefined)
    return {
      reason: "bwrap is not installed",
      remedy: "install bubblewrap: apt install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap",
    };
  const [, major = "", minor = ""] = /(\d+)\.(\d+)/.exec(bubblewrap) ?? [];
  if (major === "")
    return {
      reason: `bwrap does not say its version ("${bubblewrap}")`,
      remedy: "install bubblewrap 0.6 or later",
    };
  if (Number(major) === 0 && Number(minor) < 6)
    return { reason: `bwrap is ${major}.${minor}`, remedy: "install bubblewrap 0.6 or later" };
  if (!hasInside)
    return {
      reason: "the program that mounts inside was not built",
      remedy: "install a C compiler (apt install gcc libc6-dev) and install holdpoint again",
    };
  return undefined;
}

function whyNoNamespace({ settings, isRoot, isContainer }: SandboxFacts, stderr: string): Obstacle {
  if (settings.maxUserNamespaces === "0")
    return {
      reason: "user namespaces are switched off (user.max_user_namespaces is 0)",
      remedy: "sysctl -w user.max_user_namespaces=15000, and the same in /etc/sysctl.d",
    };
  if (isContainer)
    return {
      reason: `this container may not make namespaces (${firstLine(stderr)})`,
      remedy:
        "start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined, or take the container itself for the sandbox",
    };
  if (!isRoot && settings.unprivilegedUsernsClone === "0")
    return {
      reason: "only root may make user namespaces (kernel.unprivileged_userns_clone is 0)",
      remedy: "sysctl -w kernel.unprivileged_userns_clone=1, and the same in /etc/sysctl.d",
    };
  if (!isRoot && settings.apparmorRestrictUserns === "1")
    return {
      reason:
        "AppArmor lets only programs with a profile make user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)",
      remedy:
        "give bwrap a profile: install apparmor-profiles and link bwrap-userns-restrict into /etc/apparmor.d, or write one with `userns,`",
    };
  return {
    reason: `bwrap cannot make a sandbox (${firstLine(stderr)})`,
    remedy: "see what `bwrap --unshare-user --ro-bind / / true` says",
  };
}

/** Overlays in a user namespace came with 5.11. */
function whyNoOverlay({ kernel }: SandboxFacts, stderr: string): Obstacle {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  if (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 11))
    return {
      reason: `Linux ${major}.${minor} has no overlays in user namespaces`,
      remedy: "use Linux 5.11 or later",
    };
  if (/No such device|ENODEV/.test(stderr))
    return { reason: "this kernel has no overlay file system", remedy: "modprobe overlay" };
  if (/scratch|upper/.test(stderr))
    return {
      reason: `the state folder's file system cannot hold the upper layer of an overlay (${firstLine(stderr)})`,
      remedy: "set XDG_STATE_HOME to a folder on a local disk, or sandbox.caches to shared",
    };
  return {
    reason: `overlays cannot be mounted in a user namespace (${firstLine(stderr)})`,
    remedy: "start without --sandbox",
  };
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] || "it says nothing";
}
