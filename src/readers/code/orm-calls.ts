import type { Effect } from "../../model/effect.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import { sqlEffect } from "../sql/effects.js";

/**
 * What code does to a database through a mapper or a driver, as far as the names of its methods tell:
 * `User.delete_all`, `prisma.user.deleteMany()`, `User::truncate()`, `cursor.execute("DROP TABLE …")`.
 */
export function readOrmCalls(tool: string, text: string): Reading {
  if (!mention.test(text) || text.includes(":memory:")) return nothing;
  const found = statementsOf(text).flatMap((statement) =>
    methods.flatMap((method) => deedsOf(tool, statement, method)),
  );
  return join(effects(...found), inner(...readTasks(tool, text)));
}

/** Most one-liners have none of these words. */
const mention =
  /delete|destroy|drop|trunc|update|\bdel\b|sync|execute|query|statement|unprepared|call_command|Artisan|Rake|\bexec\b/i;

interface Method {
  readonly name: RegExp;
  readonly action: "delete" | "modify";
  readonly statement: string;
  /** What must stand in the statement, in front of it or behind. */
  readonly beside?: RegExp;
  /** How it says which rows; without one it reaches all of them. Left out: it knows no rows. */
  readonly rows?: RegExp;
  /** It only ever reaches some. */
  readonly some?: true;
}

const where = /\b(where\w*|filter|exclude|find\w*|get|first|last|limit|take|id)\b/i;

const methods: readonly Method[] = [
  { name: /[.>:](?:delete|destroy)_all\b/, action: "delete", statement: "DELETE", rows: where },
  { name: /\.update_all\b/, action: "modify", statement: "UPDATE", rows: where },
  // `{}` and `{where: {}}` fit all there is.
  {
    name: /\.(?:deleteMany|delete_many)\(/,
    action: "delete",
    statement: "DELETE",
    rows: /(?:deleteMany|delete_many)\(\s*(?!\{\s*(?:where\s*:\s*\{\s*\}\s*)?\})[^)\s]/,
  },
  { name: /\.updateMany\(/, action: "modify", statement: "UPDATE", rows: /where\s*:\s*\{\s*["'\w$]/ },
  {
    name: /\.delete\(\s*\)/,
    action: "delete",
    statement: "DELETE",
    beside: /\.objects\b|\.query\b/,
    rows: where,
  },
  { name: /\.update\(/, action: "modify", statement: "UPDATE", beside: /\.objects\b/, rows: where },
  { name: /\.del\(\s*\)/, action: "delete", statement: "DELETE", beside: /knex|\bdb\b/i, rows: where },
  {
    name: /->(?:delete|forceDelete)\(\s*\)/,
    action: "delete",
    statement: "DELETE",
    beside: /::|\$/,
    rows: where,
  },
  { name: /::destroy\(/, action: "delete", statement: "DELETE", some: true },
  {
    name: /\.destroy!?(?=\s*(?:\(\s*\))?\s*$)/,
    action: "delete",
    statement: "DELETE",
    beside: /\b(?:find\w*|first|last|where)\b/,
    some: true,
  },
  { name: /\.destroy\(\s*\{/, action: "delete", statement: "DELETE", rows: /where\s*:\s*\{\s*["'\w$]/ },
  {
    name: /(?:::|->)truncate\(|\.truncate(?:_tables|Table)?(?:\(\s*(?:\)|\{|cascade)|\s*$)/,
    action: "delete",
    statement: "TRUNCATE",
  },
  {
    name: /\b(?:drop_?table|dropTableIfExists|dropIfExists|drop_all|dropAllTables|dropAllSchemas|dropCollection)\b/i,
    action: "delete",
    statement: "DROP TABLE",
  },
  {
    name: /\b(?:Schema::drop|queryInterface\.drop\w*|sequelize\.drop|\.collection\([^)]*\)\.drop)\(/,
    action: "delete",
    statement: "DROP TABLE",
  },
  { name: /\b(?:dropDatabase|drop_database|dropSchema)\b/, action: "delete", statement: "DROP DATABASE" },
  {
    name: /\.sync\(\s*\{[^}]*force\s*:\s*true|\.synchronize\(\s*true/,
    action: "delete",
    statement: "DROP TABLE",
  },
];

function deedsOf(tool: string, text: string, method: Method): readonly Effect[] {
  const found = method.name.exec(text);
  if (found === null || method.beside?.test(text) === false) return [];
  const { action, statement } = method;
  const restricted = method.some ?? method.rows?.test(text) ?? statement !== "TRUNCATE";
  const server = { tool, engine: "sql", host: "", database: "", credentials: [] };
  const target = text.trim().slice(0, 120);
  return [sqlEffect(server, { action, statement, target, restricted })];
}

function statementsOf(text: string): readonly string[] {
  return text.split(/[;\n]/).filter((statement) => mention.test(statement));
}

/** `Artisan::call("migrate:fresh")`, `call_command("flush")`, `Rake::Task["db:drop"].invoke` */
function readTasks(tool: string, text: string): Reading["inner"] {
  const found = text.matchAll(/\b(Artisan::call|call_command|Rake::Task)\s*[([]\s*(["'])([^"']+)\2/g);
  return [...found].map(([, name = "", , task = ""]) => ({
    kind: "call",
    argv: [starters.get(name) ?? name, ...task.split(/\s+/)],
    via: tool,
    sight: "never",
  }));
}

const starters: ReadonlyMap<string, string> = new Map([
  ["Artisan::call", "artisan"],
  ["call_command", "manage.py"],
  ["Rake::Task", "rake"],
]);
