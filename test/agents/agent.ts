import type { Dialect } from "./model.js";

/** One terminal agent: how it is had, set up and started. */
export interface Agent {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Its program in `node_modules/.bin`. */
  readonly bin: string;
  readonly dialect: Dialect;
  /** Its own sandboxes, the default first. */
  readonly sandboxes: readonly Sandbox[];
  configure(setting: Setting): Configuration;
  /** Arguments of the form that answers one prompt and ends. */
  oneShot(prompt: string): readonly string[];
  /** Arguments of the terminal interface with a first prompt. */
  screen(prompt: string): readonly string[];
  /** What its interface shows in its last rows as long as it is whole. */
  readonly frame: RegExp;
  /** `rm -rf` where it passes commands on as they are; Codex keeps that one back by itself. */
  readonly removes: string;
  /** How often a person is asked about one command: once is right, see "asked once" in prompts.test.ts. */
  readonly questions: number;
  /** Keys, in the order and with the pauses of a person, that end the interface. */
  readonly quit: readonly string[];
}

export interface Sandbox {
  readonly name: string;
  readonly flags: readonly string[];
  /** Whether what runs in it reaches servers. */
  readonly hasNetwork: boolean;
  /** Whether what runs in it may connect to unix sockets; else the question must go another way. */
  readonly hasUnixSockets: boolean;
  /** Whether it is made of namespaces: within another one only by who is not root. */
  readonly isNested: boolean;
  /** Why it cannot run here; undefined when it can. */
  missing(): string | undefined;
}

export interface Setting {
  readonly workspace: string;
  /** The model's address, without a path. */
  readonly url: string;
}

export interface Configuration {
  /** Contents by path below the home. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export const noSandbox: Sandbox = {
  name: "off",
  flags: [],
  hasNetwork: true,
  hasUnixSockets: true,
  isNested: false,
  missing: () => undefined,
};
