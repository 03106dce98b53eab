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
