import type { Action, Recovery } from "../../model/effect.js";

export interface FunctionAct {
  readonly action: Action;
  readonly recovery?: Recovery;
  /** Undone by ROLLBACK. */
  readonly revocable?: boolean;
}

/** Their text arguments are SQL, now or at a time. */
export const runsSql = words(
  "dblink dblink_exec dblink_open dblink_send_query query_to_xml query_to_xml_and_xmlschema query_to_xmlschema " +
    "cursor_to_xml crosstab crosstab2 crosstab3 crosstab4 crosstab_hash connectby ts_stat ts_rewrite " +
    "schedule schedule_in_database alter_job query_export_to_s3 " +
    "run_command_on_workers run_command_on_shards run_command_on_placements run_command_on_all_nodes " +
    "run_command_on_colocated_placements run_command_on_coordinator master_modify_multiple_shards exec " +
    "distributed_exec replicate_ddl_command",
);
/** Their other arguments are names and times. */
export const timed = words(
  "query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml schedule schedule_in_database alter_job " +
    "ts_stat ts_rewrite connectby query_export_to_s3 replicate_ddl_command",
);
export const connecting = words("dblink dblink_exec dblink_open dblink_send_query");
/** They sound like more than they do. */
export const harmless = words(
  "remove_retention_policy remove_compression_policy remove_reorder_policy remove_accents",
);

/** A deletion that a ROLLBACK takes back. */
const gone: FunctionAct = { action: "delete", revocable: true };
/** One that it does not. */
const goneForGood: FunctionAct = { action: "delete" };
const lostDefinition: FunctionAct = { action: "delete", recovery: "unknown", revocable: true };
const stops: FunctionAct = { action: "execute" };
const changes: FunctionAct = { action: "modify" };
const sends: FunctionAct = { action: "send" };

/**
 * https://www.postgresql.org/docs/current/functions-admin.html and lo, adminpack, pg_surgery; the extensions pg_cron,
 * TimescaleDB, PostGIS, pg_partman, PgQ, PGMQ, pglogical, Citus, pgsql-http, pg_net, aws_s3. With a schema in front where
 * the bare name is anybody's.
 */
export const acting: ReadonlyMap<string, FunctionAct> = new Map([
  ...names(stops, "pg_terminate_backend pg_promote pg_wal_replay_pause pg_xlog_replay_pause"),
  ...names(
    gone,
    "lo_unlink lo_truncate lo_truncate64 drop_chunks dropgeometrytable dropgeometrycolumn droptopology",
  ),
  ...names(
    gone,
    "droptopogeometrycolumn add_retention_policy drop_partition_time drop_partition_id undo_partition",
  ),
  ...names(
    gone,
    "pgq.drop_queue pgq.unregister_consumer pgmq.drop_queue pgmq.purge_queue pgmq.delete pgmq.pop",
  ),
  ...names(
    gone,
    "pglogical.drop_node pglogical.drop_subscription bdr.drop_node alter_subscription_resynchronize_table",
  ),
  ...names(gone, "alter_subscription_synchronize citus_drop_all_shards master_drop_all_shards"),
  ...names(gone, "truncate_local_data_after_distributing_table heap_force_kill remove_temp_files drop_vdisk"),
  ...names(goneForGood, "pg_drop_replication_slot pg_replication_origin_drop pg_file_unlink"),
  ...names(
    goneForGood,
    "pg_logical_slot_get_changes pg_logical_slot_get_binary_changes pg_replication_slot_advance",
  ),
  ...names(lostDefinition, "unschedule delete_job drop_queue unregister_consumer droprasterconstraints"),
  ...names(lostDefinition, "dropoverviewconstraints citus_remove_node master_remove_node delete_data_node"),
  ...names(changes, "pg_cancel_backend pg_file_write pg_file_rename lo_put lowrite setval heap_force_freeze"),
  ...names(
    changes,
    "pg_stat_reset pg_stat_reset_shared pg_stat_reset_single_table_counters pg_stat_statements_reset",
  ),
  ...names(changes, "pg_stat_reset_slru pg_stat_reset_replication_slot pg_stat_reset_subscription_stats"),
  ...names(
    sends,
    "lo_export query_export_to_s3 http_post http_put http_patch http_delete blob_put aws_lambda.invoke",
  ),
  ...names({ action: "create" }, "lo_import lo_create lo_creat lo_from_bytea"),
  ...names({ action: "read" }, "pg_read_file pg_read_binary_file"),
]);

function names(act: FunctionAct, list: string): readonly (readonly [string, FunctionAct])[] {
  return list.split(" ").map((name) => [name, act] as const);
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
