import type { SqlEffect } from "../../model/effect.js";
import type { JudgedCall } from "../../model/judgement.js";
import type { Numbered } from "../../model/preview.js";
import type { World } from "../../model/world.js";
import { sentByPsql } from "../../readers/postgres/psql.js";
import type { Target } from "../../readers/postgres/psql-settings.js";
import { serverOfTool } from "../../readers/postgres/tools.js";
import { type Statement, statementsIn } from "./statements.js";

/** What one effect is about, as a question to its server. */
export interface Aim {
  /** Of the effect. */
  readonly at: number;
  readonly statement: string;
  readonly target: Target;
  readonly object: Subject;
  /** What depends on it goes as well. */
  readonly cascade: boolean;
  readonly rows?: Statement["rows"];
}

export type Subject =
  | {
      readonly kind: "relation";
      readonly schema: string | undefined;
      readonly name: string;
      readonly column?: string;
      readonly only: boolean;
    }
  | { readonly kind: "schema"; readonly name: string }
  | { readonly kind: "database"; readonly name: string }
  /** All that lies in the database. */
  | { readonly kind: "all" };

export interface Aims {
  readonly aims: readonly Aim[];
  /** By effect, why nothing can be asked about it. */
  readonly unclear: ReadonlyMap<number, string>;
}

/** The statements behind the effects of a call, read anew from its texts: an effect has only their names. */
export function findAims(effects: readonly Numbered[], call: JudgedCall, world: World): Aims {
  const aims: Aim[] = [];
  const unclear = new Map<number, string>();
  const tool = serverOfTool(call);
  const statements = tool === undefined ? sentStatements(call, world) : [];
  for (const { at, effect } of effects) {
    if (effect.resource !== "sql") continue;
    const found =
      tool === undefined
        ? statements.filter((each) => each.statement === effect.statement && each.words === effect.target)
        : ofTool(effect, tool);
    for (const { target, object, cascade, rows, isMoved } of found.slice(0, mostOfOne)) {
      if (isMoved && object.kind === "relation" && object.schema === undefined)
        unclear.set(at, `which "${object.name}" it means: the SQL changes the search path or the role first`);
      else {
        const aim = { at, statement: effect.statement, target, object, cascade };
        aims.push(rows === undefined ? aim : { ...aim, rows });
      }
    }
    if (found.length === 0) unclear.set(at, "the statement stands in code that cannot be read apart");
  }
  return { aims, unclear };
}

const mostOfOne = 4;

interface SentStatement extends Omit<Statement, "words" | "statement"> {
  readonly target: Target;
  /** Names may mean something else by then. */
  readonly isMoved: boolean;
}

function sentStatements(
  call: JudgedCall,
  world: World,
): readonly (SentStatement & Pick<Statement, "words" | "statement">)[] {
  let isMoved = false;
  return sentByPsql(call, world).flatMap(({ text, target }) => {
    const parsed = world.parseSql(text);
    return (parsed.kind === "statements" ? statementsIn(parsed.statements) : []).map((each) => {
      isMoved ||= each.statement === "SET";
      return { ...each, target, isMoved };
    });
  });
}

function ofTool({ statement, target: name }: SqlEffect, target: Target): readonly SentStatement[] {
  const object: Subject | undefined =
    statement === "DROP DATABASE"
      ? { kind: "database", name }
      : statement === "RESTORE CLEAN"
        ? { kind: "all" }
        : undefined;
  return object === undefined ? [] : [{ target, object, cascade: false, isMoved: false }];
}
