import { foldersBetween } from "./look.js";
import type { Mount } from "./mounts.js";
import type { SandboxPlan } from "./plan.js";

export interface Seatbelt {
  readonly plan: SandboxPlan;
  /** Real path of a folder of the session's own, for `TMPDIR`: nothing can be put in the place of another folder here. */
  readonly temporary: string;
  readonly sessionDirectory: string;
  /** Sockets that may be connected to beside the session's own. */
  readonly sockets: readonly string[];
  /** The proxy's port on loopback and those that are opened besides; undefined: the network is the machine's. */
  readonly ports: readonly number[] | undefined;
}

/**
 * A profile for `sandbox-exec -f`: of several rules that fit, the last one counts, so that a plan's order of mounts is the order here.
 * A profile names paths and mounts nothing: what is hidden cannot be opened, but its name is seen; caches are written to as they are.
 */
export function seatbeltProfile(given: Seatbelt): string {
  const { plan, temporary, sessionDirectory, sockets, ports } = given;
  return [
    "(version 1)",
    "(allow default)",
    "(deny file-write*)",
    '(allow file-write* (subpath "/dev/fd") (regex #"^/dev/(null|zero|tty.*|ptmx|pty.*)$"))',
    allow("file-write*", "subpath", temporary),
    ...plan.scratches.map(({ target }) => allow("file-write*", "subpath", target)),
    ...plan.mounts.flatMap(rulesOf),
    ...keepNames(plan.mounts),
    "(deny network* (remote unix-socket))",
    allow("network-outbound", "subpath", sessionDirectory, "remote unix-socket"),
    ...sockets.map((path) => allow("network-outbound", "literal", path, "remote unix-socket")),
    ...(ports === undefined ? [] : networkRules(ports)),
    // Who is asked to start a program starts it outside.
    '(deny mach-lookup (global-name "com.apple.coreservices.launchservicesd") (global-name "com.apple.SecurityServer"))',
    "(deny appleevent-send)",
    "",
  ].join("\n");
}

function rulesOf(mount: Mount): readonly string[] {
  const { kind, path } = mount;
  switch (kind) {
    case "read":
      return [deny("file-write*", "subpath", path)];
    case "write":
      return [allow("file-write*", "subpath", path)];
    case "empty-folder":
    case "empty-file":
      return [deny("file-read* file-write*", "subpath", path)];
    case "private":
    case "tmpfs":
    case "dev":
    case "proc":
    case "link":
      return [];
  }
}

/**
 * Rules go by names: `mv secrets x; cat x/key` would read what is hidden as `secrets`. No folder around what is hidden or held can be
 * renamed or removed, as far up as anything there is writable.
 */
function keepNames(mounts: readonly Mount[]): readonly string[] {
  const roots = mounts.filter(({ kind }) => kind === "write");
  const kept = mounts
    .filter(({ kind }) => kind !== "write")
    .flatMap(({ path }) =>
      roots
        .filter((root) => path.startsWith(`${root.path}/`))
        .flatMap((root) => [root.path, ...foldersBetween(root.path, path)]),
    );
  return [...new Set(kept)].map((path) => deny("file-write-unlink", "literal", path));
}

function networkRules(ports: readonly number[]): readonly string[] {
  return [
    "(deny network-outbound (remote ip))",
    ...ports.map((port) => `(allow network-outbound (remote ip "localhost:${port}"))`),
    "(deny network-bind (local ip))",
    '(allow network-bind (local ip "localhost:*"))',
  ];
}

function allow(what: string, how: string, path: string, around?: string): string {
  return rule("allow", what, how, path, around);
}

function deny(what: string, how: string, path: string): string {
  return rule("deny", what, how, path, undefined);
}

function rule(verb: string, what: string, how: string, path: string, around: string | undefined): string {
  const filter = `(${how} ${quote(path)})`;
  return `(${verb} ${what} ${around === undefined ? filter : `(${around} ${filter})`})`;
}

/** A profile is Scheme: a name with a quote must not end its text. */
function quote(path: string): string {
  return `"${path.replace(/["\\]/g, "\\$&")}"`;
}
