import type { Arg, Unknown } from "./arg.js";
import type { Credential } from "./effect.js";
import type { Env } from "./env.js";

/** A half-open range of UTF-16 code units in the text that was judged. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Who else will see this call before it runs.
 * `now`: this is the shim's true argv. `later`: a shim will see it, with its true argv, when it is executed.
 * `never`: an absolute path, a builtin, a wiped PATH: nothing else stands between this judgement and the act.
 */
export type Sight = "now" | "later" | "never";

/** What a call would read on descriptor 0. */
export type Stdin =
  | { readonly kind: "none" }
  | { readonly kind: "terminal" }
  | {
      readonly kind: "text";
      readonly text: string;
      readonly from: "heredoc" | "pipe" | "file" | "spool" /** Tells of the secrets that it says. */;
      readonly origin?: string;
    }
  | { readonly kind: "file"; readonly path: Arg }
  /** `lines`: what each of its lines is like, `archive`: whose bytes they are, where that is known. */
  | {
      readonly kind: "unknown";
      readonly reason: string;
      readonly lines?: Unknown;
      readonly archive?: Archived;
    };

/** Whose bytes come on a pipe, packed or unpacked on the way: a text's, a file's, or those of a tree that `git archive` packs. */
export type Archived =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "tree";
      readonly cwd: string;
      readonly tree: string;
      readonly paths: readonly string[];
      readonly prefix: string;
    };

/**
 * One redirection, in the order of the line: each works on what those before it have done. `descriptor`: undefined where the
 * operator has its usual one.
 */
export interface Redirect {
  readonly operator: ">" | ">>" | ">|" | "<" | "<>" | "&>" | "&>>" | ">&" | "<&";
  readonly descriptor: number | undefined;
  readonly target: Arg;
  readonly span: Span;
}

/** One program (or builtin) about to run. */
export interface Call {
  /** The last component of argv[0], or the shim's own name at the exec door: "rm". Unknown when argv[0] is. */
  readonly tool: string | Unknown;
  /** argv[0] included. Unknown words stay in their place. */
  readonly argv: readonly Arg[];
  /** Absolute, or unknown after a `cd` that cannot be foreseen. */
  readonly cwd: string | Unknown;
  readonly env: Env;
  readonly stdin: Stdin;
  readonly redirects: readonly Redirect[];
  /** How it was reached, outermost first: ["bash -c", "xargs"]. */
  readonly via: readonly string[];
  readonly sight: Sight;
  /** Whether it runs for certain, or only if (branch, loop, `&&` after something unknown). */
  readonly certain: boolean;
  readonly span: Span | undefined;
}

/** Where a line runs that this machine does not run. */
export interface Host {
  /** For people and labels: `web1`, `db1:2222`, `container db`. */
  readonly name: string;
  /** `passing`: a container made for this one command, whose own files go with it. */
  readonly kind: "machine" | "container" | "passing";
  /** Of a container: the machine that it runs on, where that is another one. */
  readonly machine?: string;
  /** What ssh's configuration makes of the machine's name. */
  readonly hostName?: string;
  /** What signs in there; left out where that is not named. */
  readonly credentials?: readonly Credential[];
  /** Of a pod: the kubernetes context that it runs in. */
  readonly context?: string;
  /** Where the line starts; left out: in the home folder. */
  readonly cwd?: string;
  /** Folders and volumes of this machine that the container sees under names of its own. */
  readonly mounts?: readonly HostMount[];
}

/** What a container sees of this machine: writing there is writing here. */
export interface HostMount {
  /** Absolute, or the name of a volume. */
  readonly source: string | Unknown;
  /** Absolute, in the container; no slash at its end. */
  readonly target: string;
  readonly writable: boolean;
  readonly isVolume: boolean;
}

/** What a reader hands back for work that is not its own: judged like anything else, one level deeper. */
export type Inner =
  /** A program started with these words: sudo, env, xargs, find -exec. Fields left out are the outer call's. */
  | {
      readonly kind: "call";
      readonly argv: readonly Arg[];
      /** What it is told to be called in the place of its own name: `exec -a NAME PROGRAM`. */
      readonly named?: Arg;
      readonly via: string;
      readonly sight: Sight;
      readonly cwd?: string | Unknown;
      readonly env?: Env;
      readonly stdin?: Stdin;
      readonly certain?: boolean;
    }
  /** Text for a shell: bash -c, eval, ssh's remote command, make recipes. */
  | {
      readonly kind: "line";
      readonly text: string;
      readonly shell: Shell;
      readonly via: string;
      readonly args?: readonly Arg[];
      readonly cwd?: string | Unknown;
      readonly env?: Env;
      /** Options that the shell starts with, by their long names: `bash -f`, `bash -O nullglob`. */
      readonly options?: readonly string[];
      readonly stdin?: Stdin;
      /** The text of a script's file: written for more than this one run. */
      readonly isFile?: true;
      /** It may never come to run. */
      readonly certain?: boolean;
      /** The machine that runs it, or a container; left out: this one. */
      readonly host?: Host;
      /** Set when the commands of this line reach no shim (a login shell elsewhere, `env -i`). */
      readonly sight?: "never";
    };

/** Whose grammar a text is read by; `sh` stands for all of POSIX (dash, ash, `bash --posix`). */
export type Shell = "bash" | "sh" | "zsh" | "fish";
