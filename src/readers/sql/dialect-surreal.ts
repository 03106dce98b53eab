import { readNames, showTokens } from "./dialect-words.js";
import type { Deed } from "./effects.js";
import type { Token } from "./lexicon.js";

/** SurrealQL: statements may stand in blocks, conditions and values: `IF true { REMOVE TABLE users }`. */
export function readSurreal(tokens: readonly Token[]): readonly Deed[] {
  const deeds = tokens.flatMap((token, at) => {
    const begins = at === 0 || tokens[at - 1]?.kind === "symbol";
    return begins && token.kind === "word" ? readDeed(tokens.slice(at)) : [];
  });
  return deeds.length > 0
    ? deeds
    : [{ action: "read", statement: tokens[0]?.text ?? "", target: "the database" }];
}

function readDeed(tokens: readonly Token[]): readonly Deed[] {
  const words = tokens.map((token) => (token.kind === "word" ? token.text : ""));
  const [first = "", kind = ""] = words;
  const target = readNames(tokens, words[1] === "FROM" || words[1] === "ONLY" ? 2 : 1)[0] ?? "";
  // `DELETE person:tobie` is one record.
  const restricted = words.includes("WHERE") || tokens[2]?.text === ":";
  switch (first) {
    case "REMOVE": {
      const what = shortKinds.get(kind) ?? kind;
      const recovery = /^(NAMESPACE|DATABASE|TABLE)$/.test(what) ? "none" : "unknown";
      return [{ action: "delete", statement: `DROP ${what}`, target: showTokens(tokens.slice(2)), recovery }];
    }
    case "DELETE":
      return [{ action: "delete", statement: "DELETE", target, restricted }];
    case "UPDATE":
      return [{ action: "modify", statement: "UPDATE", target, restricted }];
    case "DEFINE":
      return /^(USER|ACCESS|LOGIN|TOKEN)$/.test(kind)
        ? [{ action: "grant", statement: `DEFINE ${kind}`, target: showTokens(tokens.slice(2)) }]
        : [];
    default:
      return [];
  }
}

const shortKinds: ReadonlyMap<string, string> = new Map([
  ["NS", "NAMESPACE"],
  ["DB", "DATABASE"],
  ["USER", "ROLE"],
]);
