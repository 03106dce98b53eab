import type { Call, Shell, Stdin } from "./call.js";
import type { Effect } from "./effect.js";
import type { Env } from "./env.js";
import type { Decision, Match, Severity } from "./rule.js";

/** What is asked of the judge: a text for a shell, or one program's true argv. */
export type Request =
  | {
      readonly door: "line";
      readonly text: string;
      /** The text of a script's file. */
      readonly isFile?: true;
      readonly shell: Shell;
      readonly args: readonly string[];
      /** The elements of the shell's arrays, by name and index. */
      readonly arrays?: ReadonlyMap<string, ReadonlyMap<string, string>>;
      /** Functions that the shell holds already, as a text that defines them. */
      readonly definitions?: string;
      readonly cwd: string;
      readonly env: Env;
      readonly stdin: Stdin;
    }
  | {
      readonly door: "exec";
      /** The shim's own name, whatever argv[0] says: `exec -a ls rm` is rm. */
      readonly tool: string;
      readonly argv: readonly string[];
      /** Every program that it starts meets a shim, by whatever path: what cannot be foreseen of them is left to those. */
      readonly isFollowed?: true;
      readonly cwd: string;
      readonly env: Env;
      readonly stdin: Stdin;
    };

/** What the judge says of a request. Plain data: the record, the card and `explain --json` are made of it. */
export interface Judgement {
  readonly verdict: Decision;
  readonly severity: Severity;
  readonly calls: readonly JudgedCall[];
  readonly effects: readonly Effect[];
  readonly matches: readonly Match[];
  readonly origins: Origins;
  /** Absolute paths of files whose text runs in the line's own shell (`source .env`), of which only the commands are calls. Left out: none. */
  readonly sourced?: readonly string[];
  /** What could not be parsed, with its place; each has an opaque effect too. */
  readonly errors: readonly string[];
  /** Some call takes its orders from a stdin that is not known yet: fetch it and judge once more. */
  readonly wantsStdin: boolean;
}

/** Who is behind what, as indices into the judgement's calls; undefined: the text itself. */
export interface Origins {
  /** For each call the one that starts it. */
  readonly calls: readonly (number | undefined)[];
  /** For each effect the call that has it. */
  readonly effects: readonly (number | undefined)[];
}

/** A call that was looked at, in the order in which the text starts them. */
export interface JudgedCall extends Call {
  /** A reader or a tools file knows it. */
  readonly known: boolean;
}
