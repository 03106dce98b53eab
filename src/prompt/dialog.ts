import { assertNever } from "../model/assert-never.js";
import type { Key } from "./keys.js";

/** Where the human is on the card. */
export interface Dialog {
  readonly mode: Mode;
  /** The whole plan is shown. */
  readonly full: boolean;
  readonly offset: number;
  readonly notice: string | undefined;
}

export type Mode =
  | { readonly kind: "choose" }
  /** The phrase that allows is being typed. */
  | { readonly kind: "phrase"; readonly grant: Grant; readonly text: string }
  | { readonly kind: "reason"; readonly text: string };

type Grant = "once" | "session";

export type Outcome =
  | { readonly kind: "open"; readonly dialog: Dialog }
  | { readonly kind: "allow"; readonly grant: Grant; readonly how: string }
  /** `all`: with what waits behind it. */
  | {
      readonly kind: "deny";
      readonly how: string;
      readonly reason: string | undefined;
      readonly all: boolean;
    }
  /** To somebody else, on another terminal. */
  | { readonly kind: "leave" };

/** What a key does depends on these. */
export interface Surroundings {
  /** To be typed before anything is allowed. */
  readonly phrase: string | undefined;
  readonly page: number;
  readonly lastOffset: number;
  readonly canLeave: boolean;
}

export const firstDialog: Dialog = { mode: { kind: "choose" }, full: false, offset: 0, notice: undefined };

/** One key. Whatever is not plainly an answer leaves the card open. */
export function pressKey(before: Dialog, key: Key, around: Surroundings): Outcome {
  const dialog = { ...before, notice: undefined };
  switch (key.kind) {
    case "text":
      return pressPlain(dialog, key, around);
    case "enter":
    case "escape":
    case "backspace":
    case "clear":
      return pressPlain(dialog, { kind: key.kind }, around);
    case "interrupt":
      return around.canLeave ? { kind: "leave" } : deny("Ctrl-C", undefined, true);
    case "end":
      return deny("Ctrl-D");
    case "scroll":
      return open(scrolled(dialog, key.rows + key.pages * around.page, around));
    case "paste":
      return open({ ...dialog, notice: "pasted text is not an answer" });
    case "report":
    case "other":
      return open(before);
    default:
      return assertNever(key);
  }
}

type PlainKey =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "enter" | "escape" | "backspace" | "clear" };

function pressPlain(dialog: Dialog, key: PlainKey, around: Surroundings): Outcome {
  const { mode } = dialog;
  switch (mode.kind) {
    case "choose":
      return choose(dialog, key, around);
    case "phrase": {
      if (key.kind !== "enter") return edit(dialog, mode, key);
      if (mode.text === around.phrase) return { kind: "allow", grant: mode.grant, how: "typed" };
      const notice = "that is not it: nothing is allowed; type it again, or Esc";
      return open({ ...dialog, mode: { ...mode, text: "" }, notice });
    }
    case "reason": {
      if (key.kind !== "enter") return edit(dialog, mode, key);
      const reason = mode.text.trim();
      return deny("r", reason === "" ? undefined : reason);
    }
    default:
      return assertNever(mode);
  }
}

function choose(dialog: Dialog, key: PlainKey, around: Surroundings): Outcome {
  if (key.kind === "enter") return deny("Enter");
  if (key.kind === "escape") return deny("Esc");
  if (key.kind !== "text") return open(dialog);
  const chars = [...key.text];
  const [first = ""] = chars;
  const { phrase } = around;
  // The name itself, without `a` before it: what allows is the same.
  if (phrase?.startsWith(first) && (chars.length > 1 || !commands.has(first)))
    return open({ ...dialog, mode: { kind: "phrase", grant: "once", text: key.text } });
  if (chars.length > 1 && phrase !== undefined && (first === "a" || first === "s"))
    return open({ ...dialog, mode: { kind: "phrase", grant: grants[first], text: chars.slice(1).join("") } });
  // Several at once come from a paste or from someone typing elsewhere: `add tests` must not be an `a`.
  if (chars.length > 1) return open({ ...dialog, notice: "one key at a time, please" });
  return command(dialog, first, around);
}

function command(dialog: Dialog, char: string, around: Surroundings): Outcome {
  switch (char) {
    case "d":
    case "n":
      return deny(char);
    case "D":
      return deny(char, undefined, true);
    case "q":
      return around.canLeave ? { kind: "leave" } : deny(char);
    case "a":
    case "s":
      if (around.phrase === undefined) return { kind: "allow", grant: grants[char], how: char };
      return open({ ...dialog, mode: { kind: "phrase", grant: grants[char], text: "" } });
    case "r":
      return open({ ...dialog, mode: { kind: "reason", text: "" } });
    case "v":
      return open({ ...dialog, full: !dialog.full, offset: 0 });
    case " ":
    case "j":
    case "k":
      return open(scrolled(dialog, char === " " ? around.page : char === "j" ? 1 : -1, around));
    default:
      return open(dialog);
  }
}

const grants = { a: "once", s: "session" } as const;
const commands: ReadonlySet<string> = new Set("dDqnasrv jk");

function edit(dialog: Dialog, mode: Exclude<Mode, { kind: "choose" }>, key: PlainKey): Outcome {
  switch (key.kind) {
    case "text":
      return open({ ...dialog, mode: { ...mode, text: `${mode.text}${key.text}`.slice(0, longestEntry) } });
    case "backspace":
      return open({ ...dialog, mode: { ...mode, text: [...mode.text].slice(0, -1).join("") } });
    case "clear":
      return open({ ...dialog, mode: { ...mode, text: "" } });
    case "escape":
      return open({ ...dialog, mode: { kind: "choose" } });
    case "enter":
      return open(dialog);
    default:
      return assertNever(key);
  }
}

const longestEntry = 500;

function scrolled(dialog: Dialog, rows: number, { lastOffset }: Surroundings): Dialog {
  const offset = Math.max(0, Math.min(dialog.offset + rows, lastOffset));
  return dialog.full ? { ...dialog, offset } : dialog;
}

function open(dialog: Dialog): Outcome {
  return { kind: "open", dialog };
}

function deny(how: string, reason?: string, all = false): Outcome {
  return { kind: "deny", how, reason, all };
}
