import * as v from "valibot";
import { many, showAge, showBytes, showCount } from "../../model/amount.js";
import type { AwsTarget, Look } from "./aws.js";
import type { Answer } from "./client.js";
import { ageOf, list, need } from "./need.js";

const common = {
  Engine: v.optional(v.string(), "database"),
  EngineVersion: v.optional(v.string()),
  AllocatedStorage: v.optional(v.number()),
  DeletionProtection: v.optional(v.boolean()),
  BackupRetentionPeriod: v.optional(v.number(), 0),
  LatestRestorableTime: v.optional(v.string()),
  MultiAZ: v.optional(v.boolean()),
};
const instanceSchema = v.object({
  ...common,
  DBInstanceStatus: v.optional(v.string()),
  DBInstanceClass: v.optional(v.string()),
  DBClusterIdentifier: v.optional(v.string()),
  ReadReplicaDBInstanceIdentifiers: v.optional(v.array(v.string()), []),
});
const clusterSchema = v.object({
  ...common,
  Status: v.optional(v.string()),
  DBClusterMembers: v.optional(v.array(v.object({ DBInstanceIdentifier: v.string() })), []),
  ReadReplicaIdentifiers: v.optional(v.array(v.string()), []),
});
const snapshotSchema = v.nullable(
  v.object({ name: v.string(), time: v.nullish(v.string()), type: v.nullish(v.string()) }),
);
type Snapshot = v.InferOutput<typeof snapshotSchema>;

export const lookAtInstance: Look = async (target) => {
  const { effect, client } = target;
  const name = { DBInstanceIdentifier: effect.target };
  const [answer, snapshot] = await Promise.all([
    client.ask("rds describe-db-instances", name, v.object({ DBInstances: v.tuple([instanceSchema]) })),
    client.ask("rds describe-db-snapshots", name, snapshotSchema, {
      query: newestOf("DBSnapshots", "DBSnapshotIdentifier"),
      most: mostSnapshots,
    }),
  ]);
  const [facts] = need(answer).DBInstances;
  const replicas = facts.ReadReplicaDBInstanceIdentifiers;
  const cluster = facts.DBClusterIdentifier;
  // What a cluster holds stays with the cluster, and so do its backups.
  const ways =
    cluster === undefined
      ? backupRows(facts, snapshot, target)
      : { rows: [`one of cluster ${cluster}: data and backups are the cluster's`] };
  return {
    ...ways,
    rows: [
      ...ways.rows,
      ...protectionRow(facts.DeletionProtection),
      list(
        engineOf(facts),
        facts.DBInstanceClass,
        sizeOf(facts),
        facts.MultiAZ && "Multi-AZ",
        facts.DBInstanceStatus,
      ),
      ...(replicas.length === 0 ? [] : [`read replicas: ${replicas.join(", ")}`]),
    ],
  };
};

export const lookAtCluster: Look = async (target) => {
  const { effect, client } = target;
  const name = { DBClusterIdentifier: effect.target };
  const [answer, snapshot] = await Promise.all([
    client.ask("rds describe-db-clusters", name, v.object({ DBClusters: v.tuple([clusterSchema]) })),
    client.ask("rds describe-db-cluster-snapshots", name, snapshotSchema, {
      query: newestOf("DBClusterSnapshots", "DBClusterSnapshotIdentifier"),
      most: mostSnapshots,
    }),
  ]);
  const [facts] = need(answer).DBClusters;
  const members = facts.DBClusterMembers.map((member) => member.DBInstanceIdentifier);
  const replicas = facts.ReadReplicaIdentifiers;
  const ways = backupRows(facts, snapshot, target);
  return {
    ...ways,
    rows: [
      ...ways.rows,
      ...protectionRow(facts.DeletionProtection),
      list(engineOf(facts), sizeOf(facts), facts.MultiAZ && "Multi-AZ", facts.Status),
      ...(members.length === 0 ? [] : [`instances in it: ${members.join(", ")}`]),
      ...(replicas.length === 0 ? [] : [`read replicas: ${replicas.join(", ")}`]),
    ],
  };
};

const mostSnapshots = 500;

/** Automated ones do not outlive their database, so that only the others count. */
function newestOf(field: string, name: string): string {
  return `max_by(${field}[?SnapshotType!='automated' && SnapshotCreateTime], &SnapshotCreateTime).{name: ${name}, time: SnapshotCreateTime, type: SnapshotType}`;
}

interface Backups {
  readonly BackupRetentionPeriod: number;
  readonly LatestRestorableTime?: string | undefined;
}

/** What brings it back, and what of that goes with it. */
function backupRows(
  { BackupRetentionPeriod: days, LatestRestorableTime: latest }: Backups,
  snapshot: Answer<Snapshot>,
  { words, now }: AwsTarget,
): { readonly rows: readonly string[]; readonly loses?: "all backups" } {
  const skips = isOn("skip-final-snapshot", words);
  // AWS deletes them unless it is told not to.
  const keeps = words.includes("--no-delete-automated-backups");
  const point = latest === undefined ? "" : `, to restore as of ${showAge(Date.parse(latest), now)}`;
  const automated =
    days === 0
      ? "there are no automated backups"
      : `${keeps ? "its automated backups stay" : "its automated backups are deleted with it"} (${many(days, "day")}${point})`;
  const newest = snapshot.ok ? snapshot.value : undefined;
  const manual = !snapshot.ok
    ? `its snapshots are not known: ${snapshot.reason}`
    : newest === null || newest === undefined
      ? "there is no snapshot made by hand"
      : `newest snapshot that stays: ${newest.name}${ageOf(newest.time, now)}`;
  const isLast = skips && snapshot.ok && newest === null && (days === 0 || !keeps);
  return {
    rows: [`${skips ? "no final snapshot is made" : "a final snapshot is made"}, and ${automated}`, manual],
    ...(isLast ? { loses: "all backups" as const } : {}),
  };
}

function isOn(name: string, words: readonly string[]): boolean {
  const last = words.filter((word) => word === `--${name}` || word === `--no-${name}`).at(-1);
  return last === `--${name}`;
}

function protectionRow(isProtected: boolean | undefined): readonly string[] {
  return isProtected === undefined
    ? []
    : [isProtected ? "deletion protection is on: AWS refuses" : "deletion protection is off"];
}

function engineOf({
  Engine,
  EngineVersion,
}: {
  readonly Engine: string;
  readonly EngineVersion?: string | undefined;
}): string {
  return [Engine, EngineVersion].filter((word) => word !== undefined).join(" ");
}

function sizeOf({
  AllocatedStorage: size,
}: {
  readonly AllocatedStorage?: number | undefined;
}): string | undefined {
  // Aurora says 1 of every cluster.
  return size === undefined || size <= 1 ? undefined : `${showCount(size)} GiB`;
}

const tableSchema = v.object({
  Table: v.object({
    TableStatus: v.optional(v.string()),
    ItemCount: v.optional(v.number(), 0),
    TableSizeBytes: v.optional(v.number(), 0),
    DeletionProtectionEnabled: v.optional(v.boolean()),
    Replicas: v.optional(v.array(v.object({ RegionName: v.optional(v.string(), "") })), []),
  }),
});
const continuousSchema = v.object({
  ContinuousBackupsDescription: v.object({
    PointInTimeRecoveryDescription: v.optional(
      v.object({
        PointInTimeRecoveryStatus: v.string(),
        LatestRestorableDateTime: v.optional(v.union([v.string(), v.number()])),
      }),
    ),
  }),
});

export const lookAtTable: Look = async ({ effect, client }) => {
  const name = { TableName: effect.target };
  const [answer, backups] = await Promise.all([
    client.ask("dynamodb describe-table", name, tableSchema),
    client.ask("dynamodb describe-continuous-backups", name, continuousSchema),
  ]);
  const { Table: table } = need(answer);
  const recovery = backups.ok
    ? backups.value.ContinuousBackupsDescription.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus
    : undefined;
  const regions = table.Replicas.map((replica) => replica.RegionName).filter((region) => region !== "");
  return {
    rows: [
      `about ${many(table.ItemCount, "item")}, ${showBytes(table.TableSizeBytes)} (as of some hours ago)`,
      backups.ok
        ? recovery === "ENABLED"
          ? "point-in-time recovery is on: AWS keeps a last backup for 35 days"
          : "point-in-time recovery is off"
        : `whether it can be recovered is not known: ${backups.reason}`,
      ...protectionRow(table.DeletionProtectionEnabled),
      ...(regions.length === 0 ? [] : [`replicas in ${regions.join(", ")}`]),
    ],
  };
};
