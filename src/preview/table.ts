import type { JudgedCall } from "../model/judgement.js";
import type { Numbered } from "../model/preview.js";
import type { Previewer } from "./previewer.js";

/** Which effects are looked up, by whom: the first that fits. Each loads what it needs when a question is put, and not before. */

export const previewers: readonly Previewer[] = [
  {
    kind: "files",
    programs: [],
    fits: isLoss,
    load: () => import("./files.js").then((one) => one.gatherFiles),
  },
  { kind: "git", programs: [], fits: isGit, load: () => import("./git.js").then((one) => one.gatherGit) },
  {
    kind: "sql",
    programs: ["psql"],
    fits: isPostgres,
    load: () => import("./sql/sql.js").then((sql) => sql.gatherSql),
  },
  {
    kind: "aws",
    programs: ["aws"],
    // The client alone needs a second to start, a slow machine two.
    patience: 6000,
    fits: isAws,
    load: () => import("./aws/aws.js").then((aws) => aws.gatherAws),
  },
  {
    kind: "kubernetes",
    programs: ["kubectl"],
    patience: 4000,
    fits: ({ effect }, { tool }) =>
      effect.resource === "kubernetes" && tool === "kubectl" && effect.operation.startsWith("delete"),
    load: () => import("./kubernetes/kubernetes.js").then((one) => one.gatherKubernetes),
  },
  {
    kind: "terraform",
    programs: [],
    fits: ({ effect }) =>
      effect.resource === "cloud" &&
      effect.provider === "terraform" &&
      /^(destroy|apply)$/.test(effect.operation),
    load: () => import("./terraform.js").then((one) => one.gatherTerraform),
  },
  {
    kind: "railway",
    programs: ["curl"],
    fits: isAtRailway,
    load: () => import("./railway.js").then((one) => one.gatherRailway),
  },
];

function isPostgres({ effect }: Numbered, { tool }: JudgedCall): boolean {
  return (
    effect.resource === "sql" &&
    effect.engine === "postgres" &&
    (tool === "psql" || tool === "dropdb" || tool === "pg_restore") &&
    /^(DROP (TABLE|SCHEMA|DATABASE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|SEQUENCE|INDEX)|TRUNCATE|DELETE|UPDATE|RESTORE CLEAN|ALTER .* DROP COLUMN)$/.test(
      effect.statement,
    )
  );
}

function isAws({ effect }: Numbered, { tool }: JudgedCall): boolean {
  return (
    effect.resource === "cloud" &&
    effect.provider === "aws" &&
    tool === "aws" &&
    /^(s3:Delete(Object|Bucket)|rds:DeleteDB(Instance|Cluster)|dynamodb:DeleteTable|ec2:(TerminateInstances|DeleteVolume|DeleteSnapshot)|cloudformation:DeleteStack)$/.test(
      effect.operation,
    )
  );
}

function isAtRailway({ effect }: Numbered): boolean {
  return (
    effect.resource === "cloud" &&
    effect.provider === "railway" &&
    (effect.action === "delete" || effect.action === "modify") &&
    (/^(volume|service|environment|project|database)$/.test(effect.type) ||
      effect.operation === "volumeInstanceBackupScheduleUpdate")
  );
}

function isLoss({ effect }: Numbered): boolean {
  return (
    effect.resource === "file" &&
    effect.aspect !== "access" &&
    effect.target.startsWith("/") &&
    (effect.recovery === "none" || effect.recovery === "unknown") &&
    effect.place !== "device"
  );
}

function isGit({ effect }: Numbered, { tool }: JudgedCall): boolean {
  return (
    effect.resource === "git" &&
    tool === "git" &&
    (effect.recovery === "none" || effect.recovery === "unknown")
  );
}
