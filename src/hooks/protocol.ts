import type { ToolCall } from "./tool-call.js";

/** What an agent asks its hook. */
export interface HookCall {
  /** The agent's own name of its session or conversation; empty where it gives none. */
  readonly session: string;
  /** Absolute; undefined where the agent does not say. */
  readonly cwd: string | undefined;
  /** Undefined: nothing to be judged, a read or another event. */
  readonly tool: ToolCall | undefined;
  /** The agent asks a person when the answer is `ask`. */
  readonly canAsk: boolean;
}

export type HookAnswer =
  | { readonly kind: "allow" }
  /** `reason` is for the model, and for the person who is asked. */
  | { readonly kind: "ask" | "deny"; readonly reason: string };

/** An agent's way to put questions to a program and to read the answer. */
export interface Protocol {
  /** As `holdpoint hook NAME` and `holdpoint init NAME` have it. */
  readonly name: string;
  /** False where an older version of the agent runs what it is answered `ask` for: then only `--mode ask` asks. */
  readonly asksByDefault: boolean;
  /** Throws when the input is not the agent's. */
  readonly read: (input: unknown) => HookCall;
  /** What goes to stdout, and only that; empty for nothing. */
  readonly answer: (answer: HookAnswer) => string;
  /** Files, by their path below the home, that are the agent's own notes: it writes there all day. */
  readonly notes?: RegExp;
}
