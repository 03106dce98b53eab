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
  readonly resource: TreeResource;
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
  /** Variables that name the environment, set for the call or among its words: `RAILS_ENV`. */
  readonly variables: readonly string[];
  readonly credentials: ToolCredentials;
  /**
   * How several subcommands stand on one line. `words`: every word is one, `rails db:drop db:create`; `do`: behind that
   * word, with commas or plus signs between them, `mix do ecto.drop, ecto.create`.
   */
  readonly several: "no" | "words" | "do";
  /** Options, and variables, whose value is the URL of the database. */
  readonly database: { readonly options: readonly string[]; readonly variables: readonly string[] };
  /** The engine of its databases where no URL says. */
  readonly engine: string;
  /**
   * Subcommands that mean the same behind any word: `gcloud compute instances delete`. Without a type of their own they
   * work on what the word in front names: `instance`.
   */
  readonly anywhere: readonly ToolCommand[];
  readonly root: ToolCommand;
}

/** What authenticates a tool, and where it looks for that: options first, then variables, then the first file that has it. */
export interface ToolCredentials {
  readonly options: readonly { readonly tools: readonly string[]; readonly names: readonly string[] }[];
  /** With a `*` at its end a name stands for all that begin so. */
  readonly variables: readonly string[];
  readonly files: readonly CredentialFile[];
}

/** A file in which a tool keeps what it signs in with. */
export interface CredentialFile {
  /** Which of the tools looks there, where there are several; empty for all of them. */
  readonly tools: readonly string[];
  /** `~/.config/gh/hosts.yml`, `${GH_CONFIG_DIR}/hosts.yml` (passed over where it is not set), `${KUBECONFIG:-~/.kube/config}`. */
  readonly path: string;
  /**
   * `json`, `yaml` and `ini` (TOML, too) have it under `key`; `text` is nothing else; `netrc` has it under the host that
   * `key` names; `docker` and `kubeconfig` as those tools write them; `named`: a store that only the tool can read.
   */
  readonly format: "json" | "yaml" | "ini" | "text" | "netrc" | "docker" | "kubeconfig" | "named";
  /** Dots between names, `*` for any one. */
  readonly key: string;
}

type TreeResource = "cloud" | "container" | "kubernetes" | "package" | "process" | "sql";

/** One subcommand: what it does, and how its words are read. docs/tool-files.md has each key. */
export interface ToolCommand {
  /** With a `*` at its end it stands for all that begin so: `make:*`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** Where it is not the tool's own. */
  readonly resource: TreeResource | undefined;
  /** What it works on: `volume`, `project`; of `sql` the statement that it amounts to: `DROP DATABASE`. */
  readonly type: string;
  /** Options that take a value here and below, with their dashes. */
  readonly values: readonly string[];
  /** Options whose value names the target; else the words after the subcommand do. */
  readonly target: readonly string[];
  /** The words after it are another program's: no subcommand is looked for behind the first of them. */
  readonly passes: boolean;
  /** Those words are a command that it starts on this machine. */
  readonly starts: boolean;
  /** It is given SQL or code, which is judged. */
  readonly takes: ToolText | undefined;
  /** What it does when no further subcommand follows; undefined for a mere group. */
  readonly deed: Deed | undefined;
  /** Options that make something else of it. */
  readonly flags: readonly FlagDeed[];
  readonly commands: readonly ToolCommand[];
}

/** Where the text stands that a subcommand hands on. */
export interface ToolText {
  readonly language: "sql" | "ruby" | "php" | "python" | "javascript";
  /** The words behind the subcommand. */
  readonly words: boolean;
  readonly texts: readonly string[];
  readonly files: readonly string[];
  /** What is on stdin, when nothing else names it. */
  readonly stdin: boolean;
}

interface FlagDeed {
  readonly flag: string;
  /** The command's own, unless said. */
  readonly type: string | undefined;
  readonly deed: Deed;
}

/** An API that is known by its hosts, else by the shape of its paths, else by its port. */
export interface Api {
  readonly provider: string;
  /**
   * `api.example.com`; `*.example.com` for all names below; `vault.*` for all names that begin so; `*:9200` for a port
   * on any host; `unix:docker` for a socket whose file name holds the word.
   */
  readonly hosts: readonly string[];
  /** Hosts where nothing is real: what happens there belongs to the environment `test`. */
  readonly sandboxes: readonly string[];
  /** How keys begin that reach nothing real: `sk_test_`. */
  readonly testKeys: readonly string[];
  /** Paths that give it away on a host that says nothing. */
  readonly shapes: readonly string[];
  /** What may stand before its paths: `/api/v3`, `/v{version}`. */
  readonly bases: readonly string[];
  /** Paths that answer GraphQL. */
  readonly graphql: readonly string[];
  /** `aws`: operations are named by `Action=` or by a header. */
  readonly protocol: "rest" | "aws";
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
    | { readonly kind: "mentions"; readonly word: string }
    /** No parameter of the query string but these. */
    | { readonly kind: "only"; readonly parameters: readonly string[] };
  readonly deed: Deed;
  /** What it works on then, where that is another thing. */
  readonly type?: string;
}

/** What a request is by its method and path, where the method and the names in the path do not say it. */
export interface ApiPath {
  /**
   * `PUT|PATCH /repos/{owner}/{repo}`; without methods, all of them. Braces stand for one part or the rest of one, `**`
   * for any number of them.
   */
  readonly request: string;
  /** Empty: the noun in the path. */
  readonly type: string;
  readonly deed: Deed;
  /** About the body's fields; `?name` is a parameter of the query string, `*` a body that is neither JSON nor a form. */
  readonly traps?: readonly Trap[];
  /** The fields (as of traps) that carry SQL. */
  readonly sql?: readonly string[];
}
