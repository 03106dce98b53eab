import type { Api, ToolTree } from "./knowledge.js";
import type { Rule } from "./rule.js";

/** All of `rules/`, compiled and checked at build time. */
export interface Builtin {
  readonly rules: readonly Rule[];
  readonly tools: readonly KnownTool[];
  apis(): readonly Api[];
}

/** A tool by all of its names; its tree is read when a call names it. */
export interface KnownTool {
  readonly names: readonly string[];
  tree(): ToolTree;
}

/**
 * What `dist/knowledge.json` holds. Most sessions meet a handful of tools: each tree is a file of its own in `dist/tools`,
 * named after the tool's first name; the APIs are in `dist/apis.json`, the rules in `dist/rules.json`.
 */
export interface StoredBuiltin {
  readonly tools: readonly (readonly string[])[];
  /** Names that a session has shims for, unless the user's config knows more. */
  readonly shimmed: readonly string[];
}
