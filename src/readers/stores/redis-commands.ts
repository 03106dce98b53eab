import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Sight } from "../../model/call.js";
import { type Action, type Effect, opaqueEffect } from "../../model/effect.js";
import { type Server, sqlEffect } from "../sql/effects.js";
import { readScript } from "./redis-script.js";
import { commandActions, groups, whole } from "./redis-words.js";

export interface RedisContext {
  readonly server: Server;
  readonly sight: Sight;
  /** Milliseconds since the epoch, where it is known. */
  readonly now: number | undefined;
}

/** One command as words: FLUSHALL, DEL key …, CONFIG SET name value. */
export function readCommand(words: readonly Arg[], context: RedisContext): readonly Effect[] {
  const { server, sight } = context;
  const [first, ...rest] = words;
  if (first === undefined || first === "") return [];
  if (!isKnown(first))
    return sight === "later" ? [] : [opaqueEffect(server.tool, first.source, first.reason)];
  const name = first.toUpperCase();
  // `3 DEL a` on a line of its own repeats.
  if (/^\d+$/.test(name)) return readCommand(rest, context);
  const texts = rest.map(showArg);
  const sub = (texts[0] ?? "").toUpperCase();
  const statement = groups.has(name) ? `${name} ${sub}` : name;
  if (/^(EVAL|EVALSHA|FCALL)$/.test(name)) return readEval(name, rest, server);
  const action = actionOf(statement, texts, context);
  if (action === undefined) return [];
  const isWhole = whole.has(statement);
  const keys = isWhole ? [] : texts.slice(name === statement ? 0 : 1);
  const targets = keys.length === 0 ? [nameless(action, statement, server)] : keys;
  return (severalKeys.has(name) ? targets : targets.slice(0, 1)).map((target) =>
    sqlEffect(server, {
      action,
      statement: expiring.has(name) ? "DEL" : statement,
      target,
      restricted: !isWhole,
    }),
  );
}

function nameless(action: Action, statement: string, { database }: Server): string {
  if (action === "execute") return "the server";
  return `database ${statement === "FLUSHALL" ? "all" : database}`;
}

function readEval(name: string, rest: readonly Arg[], server: Server): readonly Effect[] {
  const [script] = rest;
  if (name === "EVAL" && script !== undefined && isKnown(script)) return readScript(script, server);
  return [opaqueEffect(server.tool, name, "runs a script that the server holds")];
}

function actionOf(
  statement: string,
  texts: readonly string[],
  { now = 1.7e12 }: RedisContext,
): Action | undefined {
  const [, value = "", ...more] = texts;
  const amount = Number(value);
  switch (statement) {
    // A time that has passed deletes the key.
    case "EXPIRE":
    case "PEXPIRE":
      return value !== "" && amount <= 0 ? "delete" : undefined;
    case "EXPIREAT":
      return amount * 1000 <= now ? "delete" : undefined;
    case "PEXPIREAT":
      return amount <= now ? "delete" : undefined;
    case "RESTORE":
      return more.some((word) => word.toUpperCase() === "REPLACE") ? "modify" : undefined;
    case "MIGRATE":
      return "send";
    case "REPLICAOF":
    case "SLAVEOF":
      return texts[0]?.toUpperCase() === "NO" ? "execute" : "delete";
    case "FUNCTION RESTORE":
      return texts.some((word) => /^FLUSH$/i.test(word)) ? "delete" : undefined;
    case "JSON.DEL":
    case "JSON.FORGET":
      return value === "" || wholeDocument.test(value) ? "delete" : "modify";
    case "XTRIM":
    case "TS.DEL":
    case "ZREMRANGEBYRANK":
    case "ZREMRANGEBYSCORE":
    case "ZREMRANGEBYLEX":
      return allEntries.test(texts.slice(1).join(" ")) ? "delete" : "modify";
    default:
      return commandActions.get(statement);
  }
}

/** JSONPath's root, and the older way to say it. */
const wholeDocument = /^[$.]$/;
/** From the first to the last, or none left: the key is empty then. */
const allEntries = /^(MAXLEN\s+([=~]\s+)?0(\s.*)?|- \+|0 (\+|-1)|-inf \+inf)$/i;

const severalKeys: ReadonlySet<string> = new Set(["DEL", "UNLINK"]);
const expiring: ReadonlySet<string> = new Set(["EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "DELEX"]);
