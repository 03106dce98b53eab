import { kinds } from "../credentials/kinds.js";
import { severities } from "../credentials/severity.js";
import type { AuditedCredential, AuditedPlace, CredentialAudit } from "../model/credential-audit.js";
import type { Looked } from "./credentials-page.js";

/** docs/contract.md, "`credentials` in JSON". */
export function auditJson(audit: CredentialAudit, looked: Looked): object {
  const { credentials, files, commits, complete, notes } = audit;
  return {
    folder: looked.root,
    looked: {
      home: looked.workspaceOnly === undefined,
      environment: looked.workspaceOnly === undefined,
      history: looked.history === true,
      online: looked.online === true,
      files,
      commits,
      milliseconds: looked.milliseconds,
    },
    complete,
    notes,
    counts: Object.fromEntries(
      severities.map((severity) => [severity, credentials.filter((one) => one.severity === severity).length]),
    ),
    leftOut: looked.leftOut,
    credentials: credentials.map(credentialJson),
  };
}

function credentialJson(one: AuditedCredential): object {
  const {
    severity,
    kind,
    fingerprint,
    places,
    environments,
    named,
    isProduction,
    guess,
    reach,
    online,
    isDoubtful,
    advice,
  } = one;
  return {
    severity,
    kind,
    words: kinds[kind].words,
    fingerprint,
    places: places.map(placeJson),
    reach,
    environments,
    named,
    production: isProduction,
    guess: guess ?? null,
    online: online === undefined ? null : onlineJson(online),
    doubtful: isDoubtful,
    advice,
  };
}

function onlineJson(online: NonNullable<AuditedCredential["online"]>): object {
  if (online.kind !== "alive") return online;
  const { expires, ...rest } = online;
  return expires === undefined ? rest : { ...rest, expires: new Date(expires).toISOString() };
}

function placeJson({ file, line, key, modified, git, commit, isOpen, isForbidden }: AuditedPlace): object {
  return {
    file: file ?? null,
    line: file === undefined ? null : line,
    key: key ?? null,
    modified: modified === undefined ? null : new Date(modified).toISOString(),
    git,
    commit: commit === undefined ? null : { id: commit.id, time: new Date(commit.time).toISOString() },
    open: isOpen,
    forbidden: isForbidden,
  };
}
