import { kinds } from "../credentials/kinds.js";
import { assertNever } from "../model/assert-never.js";
import type {
  AuditedCredential,
  AuditedPlace,
  CredentialAudit,
  OnlineReach,
  Severity,
} from "../model/credential-audit.js";
import type { Look } from "../prompt/paint.js";
import { agoWords, monthWords } from "./ago-words.js";
import { Page } from "./page.js";
import type { Terminal } from "./terminal.js";

/** What was looked at, for the page to say. */
export interface Looked {
  readonly root: string;
  /** By its real path. */
  readonly home: string;
  readonly milliseconds: number;
  /** How many were found that hardly anything takes, and are not shown. */
  readonly leftOut: number;
  readonly workspaceOnly?: true;
  readonly history?: true;
  readonly online?: true;
}

/** The audit for people: what is gravest first, what each is about, what to do. */
export function auditRows(audit: CredentialAudit, looked: Looked, terminal: Terminal): readonly string[] {
  const page = new Page({ colour: terminal.colour, columns: Math.min(terminal.columns, 100) });
  for (const one of audit.credentials) sayCredential(one, looked, page);
  for (const note of audit.notes) page.wrapped("  note", indent, [{ text: note, look: "notice" }]);
  if (audit.notes.length > 0) page.rows.push("");
  page.wrapped("", 0, [{ text: `${summary(audit)}; ${workWords(audit, looked)}`, look: "bold" }]);
  page.wrapped("", 0, [{ text: lookedWords(looked), look: "dim" }]);
  if (looked.leftOut > 0)
    page.wrapped("", 0, [
      {
        text: `left out: ${looked.leftOut} that look like examples, lie among tests, or have expired (--all)`,
        look: "dim",
      },
    ]);
  if (!audit.complete)
    page.wrapped("", 0, [
      { text: "The time ran out before all was looked at; --timeout gives it more.", look: "warning" },
    ]);
  for (const [command, what] of nextSteps(audit, looked))
    page.wrapped(command, 36, [{ text: what, look: "plain" }]);
  return page.rows;
}

/** `infra/.env`, `~/.netrc`, `/srv/x` */
export function shownPath(path: string, root: string, home: string): string {
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  return path.startsWith(`${home}/`) ? `~/${path.slice(home.length + 1)}` : path;
}

const indent = 11;
const looks: Readonly<Record<Severity, Look>> = { high: "danger", medium: "warning", low: "dim" };
/** More places of one value than this are only counted. */
const mostPlaces = 8;

function sayCredential(one: AuditedCredential, looked: Looked, page: Page): void {
  const { severity, kind, places, online, advice } = one;
  page.wrapped("", 0, [
    { text: severity.padEnd(8), look: looks[severity] },
    { text: kinds[kind].words, look: "bold" },
    { text: places.length > 1 ? `, the same in ${places.length} places` : "", look: "plain" },
  ]);
  for (const [at, place] of places.slice(0, mostPlaces).entries()) {
    page.wrapped(at === 0 ? "  lies" : "", indent, [{ text: placeWords(place, looked), look: "plain" }]);
    const standing = standingWords(place);
    if (standing !== "")
      page.wrapped("", indent, [{ text: standing, look: isGitted(place) ? "warning" : "dim" }]);
  }
  if (places.length > mostPlaces)
    page.wrapped("", indent, [{ text: `… and ${places.length - mostPlaces} more`, look: "dim" }]);
  page.wrapped("  reaches", indent, [{ text: one.reach.words, look: "plain" }]);
  if (online !== undefined) page.wrapped("  asked", indent, [{ text: onlineWords(online), look: "plain" }]);
  const belongs = belongingWords(one);
  if (belongs !== "") page.wrapped("  for", indent, [{ text: belongs, look: "plain" }]);
  for (const [at, sentence] of advice.entries())
    page.wrapped(at === 0 ? "  do" : "", indent, [{ text: sentence, look: "plain" }]);
  page.rows.push("");
}

function placeWords({ file, line, key }: AuditedPlace, { root, home }: Looked): string {
  if (file === undefined) return `variable ${key ?? "?"} of the environment`;
  return `${shownPath(file, root, home)}:${line}${key === undefined ? "" : ` ${key}`}`;
}

function isGitted({ git }: AuditedPlace): boolean {
  return git === "tracked" || git === "history";
}

function standingWords(place: AuditedPlace): string {
  const { modified, isForbidden, file } = place;
  if (file === undefined) return "";
  return [
    gitWords(place),
    modified === undefined ? "" : `last changed ${agoWords(modified, Date.now())}`,
    isForbidden ? "the manifest lets nobody read it" : "",
  ]
    .filter((words) => words !== "")
    .join("; ");
}

function gitWords({ git, commit }: AuditedPlace): string {
  const since = commit === undefined ? "" : ` since ${monthWords(commit.time)} (${commit.id.slice(0, 10)})`;
  switch (git) {
    case "tracked":
      return commit === undefined ? "staged in git" : `in git${since}`;
    case "history":
      return `in git's history${since}, no longer in the file there`;
    case "ignored":
      return "ignored by git";
    case "untracked":
      return "not in git, and not ignored";
    case "none":
      return "";
    case "unknown":
      return "git does not say";
    default:
      return assertNever(git);
  }
}

function onlineWords(online: OnlineReach): string {
  switch (online.kind) {
    case "alive":
      return [
        "it works",
        ...(online.account === undefined ? [] : [`as ${online.account}`]),
        ...(online.expires === undefined
          ? []
          : [`until ${new Date(online.expires).toISOString().slice(0, 10)}`]),
      ].join(", ");
    case "dead":
      return `refused: ${online.words}`;
    case "unasked":
    case "failed":
      return online.words;
    default:
      return assertNever(online);
  }
}

function belongingWords({ environments, named, guess }: AuditedCredential): string {
  const called = named.length === 0 ? "" : ` (named there: ${named.join(", ")})`;
  if (environments.length > 0) return `${environments.join(", ")}, by the manifest${called}`;
  if (named.length > 0) return `nothing, by the manifest${called}`;
  return guess === undefined
    ? ""
    : `${guess.environment}, by the name ${guess.from}: a guess, for no manifest says it`;
}

function summary({ credentials }: CredentialAudit): string {
  if (credentials.length === 0) return "no credential within an agent's reach";
  const count = (severity: Severity) => credentials.filter((one) => one.severity === severity).length;
  const parts = (["high", "medium", "low"] as const)
    .map((severity) => [count(severity), severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => `${number} ${severity}`);
  const noun = credentials.length === 1 ? "credential" : "credentials";
  return `${credentials.length} ${noun} within an agent's reach: ${parts.join(", ")}`;
}

function workWords({ files, commits }: CredentialAudit, { milliseconds }: Looked): string {
  const counted = [
    `${files.toLocaleString("en-US")} ${files === 1 ? "file" : "files"}`,
    ...(commits === 0 ? [] : [`${commits.toLocaleString("en-US")} ${commits === 1 ? "commit" : "commits"}`]),
  ];
  return `${counted.join(" and ")} in ${(milliseconds / 1000).toFixed(1)} s`;
}

function lookedWords({ root, home, workspaceOnly, history }: Looked): string {
  const rest = workspaceOnly ? [] : ["the usual stores in the home", "the environment"];
  const past = history ? ["git's history"] : [];
  const folder =
    root === home ? "~" : root.startsWith(`${home}/`) ? `~/${root.slice(home.length + 1)}` : root;
  return `looked at: ${[folder, ...past, ...rest].join(", ")}`;
}

function nextSteps(
  { credentials }: CredentialAudit,
  { history, online }: Looked,
): readonly (readonly [command: string, what: string])[] {
  if (credentials.length === 0) return [];
  return [
    ...(credentials.some(({ named }) => named.length === 0)
      ? ([
          ["  holdpoint credentials --manifest", "names them for holdpoint.yaml"],
          ["  holdpoint init scope", "proposes a holdpoint.yaml where there is none"],
        ] as const)
      : []),
    ...(online === undefined
      ? ([["  holdpoint credentials --online", "asks the services what each may do"]] as const)
      : []),
    ...(history === undefined
      ? ([["  holdpoint credentials --history", "looks into git's history"]] as const)
      : []),
  ];
}
