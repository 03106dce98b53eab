import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where holdpoint keeps what, by the XDG base directory specification. */
export interface Places {
  readonly home: string;
  /** Audit logs, one file a session. */
  readonly logs: string;
  readonly state: string;
  readonly config: string;
  /** What `holdpoint init` installs for this user: the terminal's shells, and what it wrote elsewhere. */
  readonly data: string;
  /** Where the package itself lies: dist, shims. */
  readonly packageRoot: string;
}

export function findPlaces(env: Readonly<Record<string, string | undefined>>): Places {
  // What is guarded is compared by absolute path: a relative home would leave the log and the rules unguarded.
  const home = resolve(env["HOME"] || homedir());
  const state = join(absolute(env["XDG_STATE_HOME"]) ?? join(home, ".local", "state"), "holdpoint");
  const config = join(absolute(env["XDG_CONFIG_HOME"]) ?? join(home, ".config"), "holdpoint");
  const data = join(absolute(env["XDG_DATA_HOME"]) ?? join(home, ".local", "share"), "holdpoint");
  return {
    home,
    state,
    data,
    logs: join(state, "sessions"),
    config: join(config, "config.yaml"),
    packageRoot: findPackageRoot(),
  };
}

/** The table of AWS operations that the build wrote: read when an operation is met. */
export function awsTable({ packageRoot }: Places): string {
  return join(packageRoot, "dist", "aws.jsonl");
}

/** The specification has relative values ignored. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path : undefined;
}

/** `dist/…` once built; `src/commands` when tests run from source. */
function findPackageRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith("/src/commands") ? join(here, "..", "..") : join(here, "..");
}
