import { showTokens } from "./dialect-words.js";
import type { Deed } from "./effects.js";
import type { Token } from "./lexicon.js";

/** Cypher: a chain of clauses, any of which may change the graph. */
export function readCypher(tokens: readonly Token[]): readonly Deed[] | string {
  const words = tokens.map((token) => (token.kind === "word" ? token.text : ""));
  const [first = "", second = ""] = words;
  if (/^(EXPLAIN|SHOW|USE|TERMINATE)$/.test(first) && first !== "TERMINATE")
    return [{ action: "read", statement: first, target: "the graph" }];
  if (first === "TERMINATE" || first === "STOP")
    return [{ action: "execute", statement: "KILL", target: showTokens(tokens) }];
  if (first === "DROP") {
    const kind = second === "COMPOSITE" ? "DATABASE" : second;
    const recovery = kind === "DATABASE" ? "none" : "unknown";
    return [{ action: "delete", statement: `DROP ${kind}`, target: showTokens(tokens.slice(1)), recovery }];
  }
  if (/^(GRANT|DENY|REVOKE)$/.test(first))
    return [{ action: "grant", statement: first, target: showTokens(tokens) }];
  if (/^(CREATE|ALTER|RENAME)$/.test(first) && /^(USER|ROLE)$/.test(second))
    return [{ action: "grant", statement: `${first} ${second}`, target: showTokens(tokens.slice(1)) }];
  if (words.some((word, at) => word === "APOC" && isRisky(tokens, at)))
    return "calls a procedure that runs what it is given";
  const clauses = words.map((word, at) =>
    tokens[at - 1]?.text === ":" || tokens[at - 1]?.text === "." ? "" : word,
  );
  // `MATCH (n) DETACH DELETE n`: nothing holds it back but a label, a property or a WHERE.
  const restricted =
    clauses.includes("WHERE") || clauses.includes("LIMIT") || tokens.some(({ text }) => text === "{");
  if (clauses.includes("DELETE"))
    return [{ action: "delete", statement: "DELETE", target: showTokens(tokens), restricted }];
  if (clauses.includes("REMOVE") || clauses.includes("SET"))
    return [
      {
        action: "modify",
        statement: "UPDATE",
        target: showTokens(tokens),
        restricted: restricted || /^(CREATE|MERGE)$/.test(first),
      },
    ];
  return [{ action: "read", statement: first, target: "the graph" }];
}

/** apoc.periodic.iterate, apoc.cypher.runWrite, apoc.refactor…, apoc.load… */
function isRisky(tokens: readonly Token[], at: number): boolean {
  return /^(PERIODIC|CYPHER|REFACTOR|NODES|EXPORT|TRIGGER|DO|CASE)$/.test(tokens[at + 2]?.text ?? "");
}
