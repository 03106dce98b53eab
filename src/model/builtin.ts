import type { Api, ToolTree } from "./knowledge.js";
import type { Rule } from "./rule.js";

/** All of `rules/`, compiled and checked at build time. Plain data: what `dist/knowledge.json` holds. */
export interface Builtin {
  readonly rules: readonly Rule[];
  readonly tools: readonly ToolTree[];
  readonly apis: readonly Api[];
}
