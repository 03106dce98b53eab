import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Api, ToolTree } from "../model/knowledge.js";
import type { Rule } from "../model/rule.js";
import { isDeepYaml } from "../model/yaml-text.js";
import { parseApi } from "./api-file.js";
import { type Case, parseCases } from "./case.js";
import { type ParsedConfig, parseConfig } from "./config.js";
import { parsePack } from "./pack.js";
import { parseTool } from "./tool-file.js";

/** A file that somebody wrote for holdpoint; its kind is told by its keys. */
export type OwnFile =
  | { readonly kind: "pack"; readonly rules: readonly Rule[]; readonly cases: readonly Case[] }
  | { readonly kind: "tool"; readonly tool: ToolTree; readonly cases: readonly Case[] }
  | { readonly kind: "api"; readonly api: Api; readonly cases: readonly Case[] }
  | { readonly kind: "config"; readonly config: ParsedConfig }
  | { readonly kind: "cases"; readonly cases: readonly Case[] };

export type OwnFileResult =
  | { readonly ok: true; readonly own: OwnFile }
  /** Each `file:line:column: message`. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function parseOwnFile(source: string, file: string): OwnFileResult {
  switch (kindOf(source)) {
    case "pack": {
      const parsed = parsePack(source, file);
      return parsed.ok
        ? { ok: true, own: { kind: "pack", rules: parsed.pack.rules, cases: parsed.pack.examples } }
        : parsed;
    }
    case "tool": {
      const parsed = parseTool(source, file);
      return parsed.ok
        ? { ok: true, own: { kind: "tool", tool: parsed.value, cases: parsed.cases } }
        : parsed;
    }
    case "api": {
      const parsed = parseApi(source, file);
      return parsed.ok ? { ok: true, own: { kind: "api", api: parsed.value, cases: parsed.cases } } : parsed;
    }
    case "version": {
      const config = parseConfig(source, file);
      return config.ok ? { ok: true, own: { kind: "config", config } } : config;
    }
    case "cases": {
      const parsed = parseCases(source, file);
      return parsed.ok ? { ok: true, own: { kind: "cases", cases: parsed.cases } } : parsed;
    }
    case undefined:
      return { ok: false, problems: [`${file}:1:1: ${kinds}`] };
  }
}

const marks = ["pack", "tool", "api", "version"] as const;
const kinds =
  'cannot tell what this is; a pack has the key "pack", a tool file "tool", an API file "api", a config "version", and cases are a list';

function kindOf(source: string): (typeof marks)[number] | "cases" | undefined {
  if (isDeepYaml(source)) return undefined;
  const { contents } = parseDocument(source, { prettyErrors: false, uniqueKeys: false });
  if (isSeq(contents)) return "cases";
  if (!isMap(contents)) return undefined;
  const keys = new Set(contents.items.map(({ key }) => (isScalar(key) ? key.value : undefined)));
  return marks.find((mark) => keys.has(mark));
}
