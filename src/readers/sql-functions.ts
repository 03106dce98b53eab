import type { Action } from "../model/effect.js";
import { listOf, textOf } from "./sql-tree.js";

/** What a function called in a query does besides giving a value. */
export type FunctionDeed =
  | { readonly kind: "acts"; readonly action: Action; readonly statement: string }
  /** Runs the SQL in its text arguments, here or on another server. */
  | { readonly kind: "runs"; readonly texts: readonly string[]; readonly complete: boolean }
  | { readonly kind: "opaque"; readonly because: string };

/** `made`: functions created by the text that is being read, whose bodies nobody has looked at. */
export function readFunction(call: unknown, made: ReadonlySet<string>): FunctionDeed | undefined {
  const parts = listOf(call, "funcname").map((part) => textOf(part, "String", "sval") ?? "");
  const name = (parts.at(-1) ?? "").toLowerCase();
  if (runsSql.has(name)) {
    const texts = listOf(call, "args").map((argument) => textOf(argument, "A_Const", "sval", "sval"));
    const known = texts.filter((text) => text !== undefined);
    // dblink('connection', 'sql'): without a literal for each argument the SQL may be any.
    const complete = known.length === texts.length || (known.length > 0 && cronLike.has(name));
    return { kind: "runs", texts: known, complete };
  }
  const action = acting.get(name);
  if (action !== undefined) return { kind: "acts", action, statement: name };
  if (made.has(name))
    return { kind: "opaque", because: `calls "${name}", a function that the same text creates` };
  if (/^(delete|drop|truncate|purge|remove|wipe|erase|destroy)_[a-z]/.test(name))
    return { kind: "opaque", because: `calls the function "${name}", whose body is not known` };
  return undefined;
}

const runsSql: ReadonlySet<string> = new Set([
  "dblink",
  "dblink_exec",
  "dblink_open",
  "dblink_send_query",
  "query_to_xml",
  "query_to_xml_and_xmlschema",
  "query_to_xmlschema",
  "crosstab",
  "crosstab_hash",
  "ts_stat",
  "schedule",
  "schedule_in_database",
  "run_command_on_workers",
  "run_command_on_shards",
  "run_command_on_placements",
  "exec",
]);
/** cron.schedule and Citus: their other arguments are names and times. */
const cronLike: ReadonlySet<string> = new Set(["query_to_xml", "query_to_xmlschema", "schedule", "ts_stat"]);

/** https://www.postgresql.org/docs/current/functions-admin.html, lo, adminpack, timescaledb */
const acting: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["pg_terminate_backend", "execute"],
  ["pg_cancel_backend", "modify"],
  ["pg_promote", "execute"],
  ["pg_drop_replication_slot", "delete"],
  ["pg_replication_origin_drop", "delete"],
  ["pg_file_unlink", "delete"],
  ["pg_file_write", "modify"],
  ["pg_file_rename", "modify"],
  ["lo_unlink", "delete"],
  ["lo_truncate", "delete"],
  ["lo_truncate64", "delete"],
  ["lo_export", "send"],
  ["lo_import", "create"],
  ["lo_put", "modify"],
  ["lowrite", "modify"],
  ["setval", "modify"],
  ["drop_chunks", "delete"],
  ["pg_read_file", "read"],
  ["pg_read_binary_file", "read"],
]);
