import type { Deed } from "../sql/effects.js";
import type { MongoToken } from "./mongo-script.js";

type Tokens = readonly MongoToken[];

/** What a method does; `start`: its first argument, `target`: the collection in front of it. */
export function readMongoMethod(
  name: string,
  tokens: Tokens,
  start: number,
  target: string,
): Deed | undefined {
  const argument = tokens[start]?.kind === "text" ? (tokens[start]?.text ?? "") : "";
  const isAll = reachesAll(tokens, start);
  switch (name) {
    case "dropDatabase":
      return { action: "delete", statement: "DROP DATABASE", target: "" };
    case "drop":
    case "dropCollection":
      return { action: "delete", statement: "DROP COLLECTION", target: name === "drop" ? target : argument };
    case "deleteMany":
    case "remove":
      // sh and rs have methods of that name.
      if (target === "rs") return { action: "execute", statement: "rs.remove", target: argument };
      return { action: "delete", statement: "DELETE", target, restricted: !isAll };
    case "deleteOne":
    case "findOneAndDelete":
      return { action: "delete", statement: "DELETE", target };
    case "bulkWrite":
      return readBulk(tokens, start, target);
    case "findAndModify":
      return hasWord(tokens, start, /^remove$/)
        ? { action: "delete", statement: "DELETE", target }
        : { action: "modify", statement: "UPDATE", target };
    case "updateMany":
      return { action: "modify", statement: "UPDATE", target, restricted: !isAll };
    case "update":
      return {
        action: "modify",
        statement: "UPDATE",
        target,
        restricted: !(isAll && hasWord(tokens, start, /^multi$/)),
      };
    case "updateOne":
    case "replaceOne":
    case "findOneAndUpdate":
    case "findOneAndReplace":
      return { action: "modify", statement: "UPDATE", target };
    case "renameCollection": {
      const drops = tokens[start + 2]?.text === "true" || hasWord(tokens, start, /^dropTarget$/);
      return drops ? { action: "delete", statement: "DROP COLLECTION", target: argument } : undefined;
    }
    case "convertToCapped":
      return { action: "delete", statement: "CONVERT TO CAPPED", target };
    default:
      return readControl(name, target, argument);
  }
}

function readControl(name: string, target: string, argument: string): Deed | undefined {
  if (/^(dropIndex|dropIndexes|dropSearchIndex)$/.test(name))
    return { action: "delete", statement: "DROP INDEX", target, recovery: "unknown" };
  if (/^(dropUser|dropRole|dropAllUsers|dropAllRoles|removeUser)$/.test(name))
    return { action: "delete", statement: "DROP ROLE", target: argument, recovery: "unknown" };
  if (
    /^(createUser|addUser|updateUser|changeUserPassword|grant\w+|revoke\w+|createRole|updateRole)$/.test(name)
  )
    return { action: "grant", statement: "GRANT", target: argument };
  if (/^(shutdownServer|fsyncLock|killOp|killAllSessions|stepDown|freeze)$/.test(name))
    return { action: "execute", statement: name, target: "the server" };
  const owned = `${target}.${name}`;
  if (
    /^(rs\.(reconfig|reconfigForPSASet|initiate|syncFrom)|sh\.(removeShard|removeShardFromZone|removeTagRange|removeRangeFromZone|moveChunk|movePrimary|disableBalancing|stopBalancer|unshardCollection|reshardCollection|abortReshardCollection|disableAutoSplit))$/.test(
      owned,
    )
  )
    return { action: "execute", statement: owned, target: argument || "the cluster" };
  return undefined;
}

function readBulk(tokens: Tokens, start: number, target: string): Deed | undefined {
  if (hasWord(tokens, start, /^delete(One|Many)$/))
    return { action: "delete", statement: "DELETE", target, restricted: !hasEmptyFilter(tokens, start) };
  if (hasWord(tokens, start, /^(update|replace)(One|Many)$/))
    return { action: "modify", statement: "UPDATE", target };
  // A list that is put together elsewhere may hold anything.
  return tokens[start]?.text === "[" ? undefined : { action: "delete", statement: "DELETE", target };
}

/** A key of an object: a stage that writes, or a command for runCommand and adminCommand. */
export function readMongoCommand(name: string, tokens: Tokens, index: number): Deed | undefined {
  const value = tokens[index + 2]?.kind === "text" ? (tokens[index + 2]?.text ?? "") : "";
  if (name === "$out")
    return { action: "delete", statement: "REPLACE COLLECTION", target: value, restricted: false };
  if (name === "$merge") return { action: "modify", statement: "MERGE", target: value };
  if (!isCommand(tokens, index)) return undefined;
  const from = index + 2;
  switch (name) {
    case "drop":
      return { action: "delete", statement: "DROP COLLECTION", target: value };
    case "dropDatabase":
      return { action: "delete", statement: "DROP DATABASE", target: "" };
    case "delete":
      return {
        action: "delete",
        statement: "DELETE",
        target: value,
        restricted: !hasEmptyFilter(tokens, from),
      };
    case "update":
      return {
        action: "modify",
        statement: "UPDATE",
        target: value,
        restricted: !hasEmptyFilter(tokens, from),
      };
    case "findAndModify":
    case "findandmodify":
      return {
        action: hasWord(tokens, from, /^remove$/) ? "delete" : "modify",
        statement: hasWord(tokens, from, /^remove$/) ? "DELETE" : "UPDATE",
        target: value,
      };
    case "renameCollection":
      return hasWord(tokens, from, /^dropTarget$/)
        ? { action: "delete", statement: "DROP COLLECTION", target: value }
        : undefined;
    case "convertToCapped":
    case "cloneCollectionAsCapped":
      return { action: "delete", statement: "CONVERT TO CAPPED", target: value };
    case "dropIndexes":
    case "deleteIndexes":
      return { action: "delete", statement: "DROP INDEX", target: value, recovery: "unknown" };
    case "setParameter":
      return { action: "modify", statement: "ALTER SYSTEM", target: "a server parameter" };
    default:
      break;
  }
  if (/^drop(User|Role|AllUsers\w*|AllRoles\w*)$/.test(name))
    return { action: "delete", statement: "DROP ROLE", target: value, recovery: "unknown" };
  if (/^(createUser|updateUser|createRole|updateRole|grant\w+|revoke\w+)$/.test(name))
    return { action: "grant", statement: "GRANT", target: value };
  if (
    /^(shutdown|fsync|killOp|killAllSessions\w*|kill\w*Cursors|replSet(Reconfig|StepDown|Freeze|Initiate|SyncFrom|Abort\w+|ResizeOplog)|removeShard|movePrimary|compact|balancerStop|configureFailPoint)$/.test(
      name,
    )
  )
    return { action: "execute", statement: name, target: value || "the server" };
  return undefined;
}

/** The first key of what runCommand or adminCommand is given. */
function isCommand(tokens: Tokens, index: number): boolean {
  return (
    tokens[index - 1]?.text === "{" &&
    tokens[index - 2]?.text === "(" &&
    /^(runCommand|adminCommand|_adminCommand|runReadCommand|command)$/.test(
      tokens[index - 3]?.text === "]" ? (tokens[index - 4]?.text ?? "") : (tokens[index - 3]?.text ?? ""),
    )
  );
}

/** `()`, `({})`, and filters that fit every document: `{_id: {$exists: true}}`. */
function reachesAll(tokens: Tokens, start: number): boolean {
  const text = tokens
    .slice(start, start + 12)
    .map(({ text: one }) => one)
    .join("");
  return /^(\)|\{\}|\{_id:\{\$(exists:(true|1)|ne:(null|))\}\})/.test(text);
}

function hasEmptyFilter(tokens: Tokens, start: number): boolean {
  return tokens
    .slice(start, start + 400)
    .some(({ text }, at) => /^(q|filter)$/.test(text) && reachesAll(tokens, start + at + 2));
}

function hasWord(tokens: Tokens, start: number, pattern: RegExp): boolean {
  let depth = 1;
  for (let at = start; at < Math.min(tokens.length, start + 500) && depth > 0; at += 1) {
    const { kind = "symbol", text = "" } = tokens[at] ?? {};
    if (kind === "symbol") depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    else if (pattern.test(text) && tokens[at + 1]?.text === ":" && tokens[at + 2]?.text !== "false")
      return true;
  }
  return false;
}
