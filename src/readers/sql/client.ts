import type { Quoting } from "./lexicon.js";

/** A client that takes SQL by options, files, operands and stdin. One row is all that there is to know of it. */
export interface SqlClient {
  readonly names: readonly string[];
  readonly engine: string;
  readonly quoting: Quoting;
  /** Words that must come first, each of them alone: `clickhouse client`, `bq query`. Left out: none. */
  readonly subcommands?: readonly string[];
  /** As `declareOptions` takes them, with commas between; others are taken for flags without a value. */
  readonly options: string;
  /** Options (by their last spelling) whose value is SQL, or a file of it, or the server, or its port. */
  readonly texts?: readonly string[];
  readonly files?: readonly string[];
  readonly hosts?: readonly string[];
  readonly ports?: readonly string[];
  readonly databases?: readonly string[];
  /** What the operands are, in order; the last stands for all that follow. `words`: together one statement. */
  readonly operands: readonly ("skip" | "server" | "database" | "text" | "words" | "file")[];
  /** Where it connects when nothing says so; left out: this machine. */
  readonly home?: string;
  readonly port?: string;
  /** Variables of the environment that name the server. */
  readonly hostVariables?: readonly string[];
  /** Options with which it only shows something, or runs nothing. */
  readonly quiet?: readonly string[];
  /** Options of more than one letter have one dash, as Go's. */
  readonly singleDash?: true;
  /** Whether stdin holds statements: always, when no text and no file is given, or never. */
  readonly stdin: "always" | "else" | "never";
  /** Its own commands, one a line, tried in order. */
  readonly lines?: readonly LineCommand[];
}

/** What a line of the client's own does; the pattern's first group is the command, the file, or the address. */
export interface LineCommand {
  readonly pattern: RegExp;
  readonly does: "program" | "include" | "end" | "write" | "connect" | "nothing";
}

export const plain: Quoting = {
  backslash: false,
  dollar: false,
  backtick: false,
  bracket: false,
  hash: false,
  nested: false,
};
export const bracket: Quoting = { ...plain, bracket: true, nested: true };
export const backtick: Quoting = { ...plain, backslash: true, backtick: true };
export const dollar: Quoting = { ...plain, dollar: true };
export const hash: Quoting = { ...backtick, hash: true };
export const snow: Quoting = { ...plain, backslash: true, dollar: true };

export const quiet = ["help", "version"];

export const sqlcmdLines: readonly LineCommand[] = [
  { pattern: /^\s*:?!!\s*(.+)$/, does: "program" },
  { pattern: /^\s*:r\s+"?([^"]+?)"?\s*$/i, does: "include" },
  { pattern: /^\s*:out\s+"?([^"]+?)"?\s*$/i, does: "write" },
  { pattern: /^\s*:connect\s+(\S+)/i, does: "connect" },
  {
    pattern: /^\s*:(?:setvar|on|list|listvar|error|help|serverlist|perftrace|xml|ed|reset|quit|exit)\b/i,
    does: "nothing",
  },
];
export const sqlplusLines: readonly LineCommand[] = [
  { pattern: /^\s*(?:host|ho|!|\$)\s*(\S.*)$/i, does: "program" },
  { pattern: /^\s*(?:@@?|start\s|sta\s)\s*(\S+)/i, does: "include" },
  { pattern: /^\s*spo(?:ol)?\s+(?!off\b|out\b)(\S+)/i, does: "write" },
  { pattern: /^\s*conn(?:ect)?\s+(\S+)/i, does: "connect" },
  { pattern: /^\s*(?:\/|exit.*|quit.*|spool\s+(?:off|out))\s*$/i, does: "end" },
  {
    pattern:
      /^\s*(?:col(?:umn)?|prompt|rem(?:ark)?|whenever|define|undefine|accept|var(?:iable)?|print|break|btitle|ttitle|compute|pause|timing|set\s+(?!role|transaction|constraint)\w+\s+[^=]*$)/i,
    does: "nothing",
  },
];
export const hiveLines: readonly LineCommand[] = [
  {
    pattern:
      /^\s*(?:!sh\s+|!(?!connect|quit|exit|set|run|outputformat|verbose|help|tables|describe|go|closeall)|shell\s+)(\S.*?);?\s*$/i,
    does: "program",
  },
  { pattern: /^\s*(?:source|src|!run)\s+(\S+?);?\s*$/i, does: "include" },
  { pattern: /^\s*dfs\s+(.+?);?\s*$/i, does: "program" },
  { pattern: /^\s*!connect\s+(\S+)/i, does: "connect" },
  { pattern: /^\s*!/, does: "nothing" },
];
export const psqlLines: readonly LineCommand[] = [
  { pattern: /^\s*\\(?:!|\|)\s*(\S.*)$/, does: "program" },
  { pattern: /^\s*\\ir?\s+'?([^'\s]+)/, does: "include" },
  { pattern: /^\s*\\(?:c|connect)\s+(\S+)/, does: "connect" },
  { pattern: /^\s*\\/, does: "nothing" },
];
export const shellLines: readonly LineCommand[] = [
  { pattern: /^\s*(?:system|\\!|!|!system|!sh|shell)\s+(\S.*?);?\s*$/i, does: "program" },
  { pattern: /^\s*(?:source|\\\.|\\i|!source|!load|input|in|read)\s+'?([^'\s;]+)'?;?\s*$/i, does: "include" },
  { pattern: /^\s*use\s+[\w`".-]+\s*;?\s*$/i, does: "end" },
];
