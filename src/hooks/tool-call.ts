import { readPatchFiles } from "../model/patch.js";

/** What an agent is about to do, in no agent's own words. */
export type ToolCall =
  /** A text for a shell. */
  | {
      readonly kind: "line";
      readonly text: string;
      readonly cwd?: string;
      /** What of it the agent does by itself, so that no shell and no shim comes to see it. */
      readonly unseen?: FilesCall;
    }
  | FilesCall
  /** A tool that a server gives to it (MCP). */
  | {
      readonly kind: "service";
      readonly tool: string;
      readonly server: string;
      readonly name: string;
      readonly input: unknown;
    };

/** Its own file tools. */
export interface FilesCall {
  readonly kind: "files";
  readonly tool: string;
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Files that it reads, and folders that it searches through; left out: none. */
  readonly read?: readonly string[];
  readonly searched?: readonly string[];
}

/** One tool of an agent: which of its arguments hold what. Arguments that are named here must be there. */
export type ToolShape =
  | { readonly line: string; readonly cwd?: string }
  | { readonly write: string }
  | { readonly delete: string }
  /** Which of these arguments name files that it only reads, or folders; each a text or a list, all may be left out. */
  | { readonly read: readonly string[] }
  /** The same for folders that it looks through; where none is named, the current one. */
  | { readonly search: readonly string[] }
  /** In the format of `apply_patch`. */
  | { readonly patch: string };

export type ToolShapes = ReadonlyMap<string, ToolShape>;

type Input = Readonly<Record<string, unknown>>;

/** Throws when an argument is missing that the tool cannot do without. */
export function readTool(tool: string, shape: ToolShape, input: Input): ToolCall {
  if ("line" in shape) {
    const cwd = shape.cwd === undefined ? undefined : input[shape.cwd];
    const text = textAt(tool, input, shape.line);
    return { kind: "line", text, ...(typeof cwd === "string" && cwd !== "" ? { cwd } : {}) };
  }
  if ("write" in shape) return files(tool, [textAt(tool, input, shape.write)], []);
  if ("delete" in shape) return files(tool, [], [textAt(tool, input, shape.delete)]);
  if ("read" in shape) return { ...files(tool, [], []), read: textsAt(input, shape.read) };
  if ("search" in shape) {
    const searched = textsAt(input, shape.search);
    return { ...files(tool, [], []), searched: searched.length === 0 ? ["."] : searched };
  }
  return readPatch(tool, textAt(tool, input, shape.patch));
}

/** `mcp__server__tool`; undefined for any other name. */
export function readServiceName(tool: string, input: unknown): ToolCall | undefined {
  const [, server, name] = /^mcp__(.+?)__(.+)$/s.exec(tool) ?? [];
  return server === undefined || name === undefined
    ? undefined
    : { kind: "service", tool, server, name, input };
}

function readPatch(tool: string, patch: string): FilesCall {
  const { written, deleted } = readPatchFiles(patch);
  if (written.length + deleted.length === 0) throw new Error(`"${tool}" names no file in its patch`);
  return files(tool, written, deleted);
}

function files(tool: string, written: readonly string[], deleted: readonly string[]): FilesCall {
  return { kind: "files", tool, written, deleted };
}

function textsAt(input: Input, names: readonly string[]): readonly string[] {
  return names
    .flatMap((name): readonly unknown[] => {
      const value = input[name];
      return Array.isArray(value) ? value : [value];
    })
    .filter((value) => typeof value === "string" && value !== "")
    .map(String);
}

function textAt(tool: string, input: Input, name: string): string {
  const value = input[name];
  if (typeof value === "string") return value;
  throw new Error(`"${tool}" came without "${name}"`);
}
