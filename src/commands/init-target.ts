import type { Places } from "./places.js";

/** What a program must be told so that its terminals, shells or tools run under guard: one file of the user's, one setting in it. */
export interface InitTarget {
  readonly name: string;
  /** For a list: what is guarded by it. */
  readonly about: string;
  /** The file that is changed; undefined where only the shells are installed. */
  readonly file: (setup: Setup) => string | undefined;
  /** The same for one project alone, by its top folder; left out: there is none. */
  readonly projectFile?: (root: string) => string;
  /** The folder of the file is made where it is missing; else that says that the program is not there. */
  readonly makesFolder?: true;
  /** Never laid over a file that is there: the person's own words. */
  readonly onlyNew?: true;
  /** Installs what the setting names, or renews it; left out: the shells. */
  readonly install?: (places: Places) => void;
  /** The file's text with the setting; `before` is what stood in its place, for `takeBack`. Text that has it stays as it is. */
  readonly add: (text: string, setup: Setup) => Edit;
  /** The text without what `add` put there, where others have changed it since. What somebody else put there stays. */
  readonly takeBack: (text: string, setup: Setup, before: unknown) => Edit;
  /** To paste by hand. */
  readonly print: (setup: Setup) => string;
  /** What is to be done next, and what is not covered; a line each. */
  readonly next: (setup: Setup) => readonly string[];
}

export interface Setup {
  readonly places: Places;
  /** `bash`, `zsh`, `fish` or `sh`. */
  readonly shell: string;
  readonly platform: "linux" | "darwin";
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder with the program's settings, where it is not the usual one. */
  readonly folder: string | undefined;
}

export type Edit =
  | { readonly ok: true; readonly text: string; readonly before?: unknown }
  | { readonly ok: false; readonly reason: string };
