import { readFileSync } from "node:fs";
import type { Api, ToolTree } from "../../src/model/knowledge.js";
import { parseApi } from "../../src/policy/api-file.js";
import type { KnowledgeResult } from "../../src/policy/deed.js";
import { parseTool } from "../../src/policy/tool-file.js";
import { apiTable } from "../../src/readers/http/api-table.js";

/** The shipped knowledge of Railway. */
export const railwayApi: Api = must(parseApi(read("rules/apis/railway.yaml"), "railway.yaml"));
export const railwayTree: ToolTree = must(parseTool(read("rules/tools/railway.yaml"), "railway.yaml"));

/** An API table of Railway alone, and one of nothing. */
export const railwayApis = apiTable(() => [railwayApi]);
export const noApis = apiTable(() => []);

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

function must<T>(result: KnowledgeResult<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.join("\n"));
}
