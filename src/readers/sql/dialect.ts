import type { Effect } from "../../model/effect.js";
import { opaqueEffect } from "../../model/effect.js";
import { splitStatements } from "./dialect-split.js";
import { readStatement } from "./dialect-statements.js";
import { DialectTrack } from "./dialect-track.js";
import { type Server, sqlEffect } from "./effects.js";
import { type Quoting, readTokens } from "./lexicon.js";

/**
 * SQL that PostgreSQL's parser does not know: other engines, and texts it refuses. Only what the leading keywords say is
 * read; a statement that begins with an unknown word is opaque.
 */
export function readDialect(text: string, quoting: Quoting, server: Server): readonly Effect[] {
  const track = new DialectTrack(server.engine);
  for (const statement of splitStatements(text, quoting, server.engine)) {
    const tokens = readTokens(headOf(statement), quoting);
    if (tokens.length === 0) continue;
    const deeds = readStatement(tokens, { engine: server.engine, quoting });
    track.follow(tokens);
    if (typeof deeds === "string")
      track.add(opaqueEffect(server.tool, statement.trim().slice(0, 200), deeds));
    else for (const deed of deeds) track.add(sqlEffect(server, deed));
  }
  return track.effects();
}

/** A dump's INSERT is mostly values; its first words say all that is read of it. */
function headOf(statement: string): string {
  return statement.length > 20_000 && /^\s*(insert|replace)\s/i.test(statement.slice(0, 200))
    ? statement.slice(0, 2000)
    : statement;
}
