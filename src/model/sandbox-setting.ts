/** What the user's config says of the sandbox. */
export interface SandboxSetting {
  /** Whether every session has it. */
  readonly always: boolean;
  /** Paths that are writable inside, as written: absolute, from the home by `~/`, or from the workspace. */
  readonly write: readonly string[];
  /** The same of credential stores that are not to be hidden, and of what else is closed. */
  readonly read: readonly string[];
  /** The same of what is not to be there. */
  readonly hide: readonly string[];
  readonly tmp: "private" | "shared";
  readonly caches: "private" | "shared";
  /** Services of the machine that can be reached. */
  readonly share: readonly SharedName[];
  /** Ports of the machine's loopback that exist inside, where the network is closed. */
  readonly loopback: readonly number[];
}

/** What `share` may name. */
export const sharedNames = [
  "ssh-agent",
  "gpg-agent",
  "docker",
  "dbus",
  "display",
  "audio",
  "postgres",
  "mysql",
  "terminal",
  "editor",
  "nix",
  "virtual-machines",
  "runtime",
] as const;

/** A service of the machine that a sandbox hides unless it is shared. */
export type SharedName = (typeof sharedNames)[number];

/** What holds where the config says nothing. */
export const usualSandbox: SandboxSetting = {
  always: false,
  write: [],
  read: [],
  hide: [],
  tmp: "private",
  caches: "private",
  share: [],
  loopback: [],
};
