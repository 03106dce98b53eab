import type { Action, Recovery } from "./effect.js";

/**
 * What the files below `rules/tools` and `rules/apis` say, compiled. Plain data: the build writes it out as JSON,
 * so that a start parses no YAML.
 */

/** One thing that a subcommand or an operation does. */
export interface Deed {
  readonly action: Action;
  /** `none` where something that was there is gone or replaced, `needless` where nothing is lost. */
  readonly recovery: Recovery;
  /** Lower case, no full stop: `deletes a volume and its data`. */
  readonly because: string;
}

/** A tool that is a tree of subcommands. */
export interface ToolTree {
  readonly names: readonly string[];
  readonly resource: "cloud" | "container" | "kubernetes" | "package" | "process";
  /** The `provider` and `service` of its effects when `resource` is `cloud`. */
  readonly provider: string;
  /** Subcommands may be shortened as long as they stay unique. */
  readonly abbreviations: boolean;
  /** Long options have one dash (`-auto-approve`), so a dash and letters are never a cluster. */
  readonly singleDash: boolean;
  /** Options with which the tool explains itself and does nothing else. */
  readonly quiet: readonly string[];
  /** Options whose value names the environment. */
  readonly environment: readonly string[];
  /** Variables of the environment that authenticate it. */
  readonly credentials: readonly string[];
  readonly root: ToolCommand;
}

export interface ToolCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it works on: `volume`, `project`. */
  readonly type: string;
  /** Options that take a value here and below, with their dashes. */
  readonly values: readonly string[];
  /** Options whose value names the target; else the words after the subcommand do. */
  readonly target: readonly string[];
  /** The words after it are another program's: no subcommand is looked for behind the first of them. */
  readonly passes: boolean;
  /** What it does when no further subcommand follows; undefined for a mere group. */
  readonly deed: Deed | undefined;
  /** Options that make something else of it. */
  readonly flags: readonly FlagDeed[];
  readonly commands: readonly ToolCommand[];
}

interface FlagDeed {
  readonly flag: string;
  readonly deed: Deed;
}

/** An API that is known by its hosts. */
export interface Api {
  readonly provider: string;
  readonly hosts: readonly string[];
  readonly mutations: readonly ApiMutation[];
  readonly paths: readonly ApiPath[];
}

/** A field of the GraphQL type Mutation. */
export interface ApiMutation {
  readonly field: string;
  readonly type: string;
  readonly deed: Deed;
  /** Arguments that name the target, dots going into input objects: `input.serviceId`. */
  readonly ids: readonly string[];
  readonly traps: readonly Trap[];
}

/** Arguments that turn a mutation into something worse. An argument that cannot be foreseen springs it. */
export interface Trap {
  readonly when:
    | { readonly kind: "is"; readonly argument: string; readonly values: readonly string[] }
    | { readonly kind: "given"; readonly argument: string }
    | { readonly kind: "lacks"; readonly argument: string }
    | { readonly kind: "mentions"; readonly word: string };
  readonly deed: Deed;
}

/** A path beside GraphQL that is worth knowing. */
interface ApiPath {
  readonly path: string;
  readonly type: string;
  readonly deed: Deed;
}
