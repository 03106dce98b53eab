import { createHash } from "node:crypto";
import { jsonText } from "../model/json-text.js";
import {
  type Ending,
  type Finding,
  type FoundCredential,
  outcomeWords,
  reasonWords,
  timesWords,
} from "./findings.js";
import { showLine } from "./shown.js";

/** SARIF 2.1.0, one run: a result for each distinct denial, a rule for each that denied. */
export function sarifReport(ending: Ending, version: string): string {
  const { findings, session, mode, started, ended, status } = ending;
  const ids = [...new Set(findings.map(ruleOf))];
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "holdpoint",
            version,
            informationUri: "https://github.com/holdpoint/holdpoint",
            rules: ids.map((id) => ruleObject(id, findings)),
          },
        },
        automationDetails: { id: `holdpoint/${session}` },
        invocations: [
          {
            executionSuccessful: status === 0,
            ...(status === undefined ? {} : { exitCode: status }),
            startTimeUtc: started.toISOString(),
            endTimeUtc: ended.toISOString(),
          },
        ],
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => result(finding, ending, ids)),
        properties: { mode, denied: ending.denied, observed: ending.observed },
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
}

function ruleObject(id: string, findings: readonly Finding[]): object {
  const first = findings.find((finding) => ruleOf(finding) === id);
  const reason = first?.reasons[0];
  const severity = first?.severity ?? "high";
  const text = showLine(reason?.because ?? "The guard could not judge a call, and let nothing through.");
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: reason?.instead === undefined ? text : `${text} Instead: ${showLine(reason.instead)}` },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ["security"], "security-severity": scores[severity] },
  };
}

function result(finding: Finding, { source }: Ending, ids: readonly string[]): object {
  const { reasons, count, cwd, time, outcome, cause, severity, text, credentials } = finding;
  const id = ruleOf(finding);
  const would = wouldOf(finding).slice(0, 10);
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: outcome === "observed" ? "note" : levels[severity],
    message: {
      text: [
        `${showLine(text)}${timesWords(count)}: ${outcomeWords(finding)}.`,
        showLine(reasonWords(finding)),
        ...would.map((each) => `Would ${showLine(each)}.`),
      ].join(" "),
    },
    locations: [location(source, cwd)],
    partialFingerprints: { "denial/v1": fingerprint(finding) },
    occurrenceCount: count,
    properties: {
      outcome,
      cause: showLine(cause),
      rules: reasons.map(({ rule }) => rule),
      cwd: showLine(cwd),
      time,
      ...(credentials.length === 0 ? {} : { credentials: credentials.map(shownCredential) }),
    },
  };
}

function shownCredential({ name, from, standing, places = [] }: FoundCredential): object {
  return {
    ...{ name: showLine(name), from: showLine(from) },
    ...(standing === undefined ? {} : { standing }),
    ...(places.length === 0
      ? {}
      : {
          places: places.map(({ key, file, ...rest }) => ({
            file: showLine(file),
            ...(key === undefined ? {} : { key: showLine(key) }),
            ...rest,
          })),
        }),
  };
}

/**
 * A command has no place in a file. Code scanning on GitHub takes no result without one, so what the job was started from
 * stands for it, where that is known.
 */
function location(source: string | undefined, cwd: string): object {
  const logicalLocations = [{ fullyQualifiedName: showLine(cwd), kind: "namespace" }];
  if (source === undefined) return { logicalLocations };
  const uri = source.split("/").map(encodeURIComponent).join("/");
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } }, logicalLocations };
}

/** The same denial in the next run of the job is the same alert. */
function fingerprint(finding: Finding): string {
  const would = wouldOf(finding);
  const rules = finding.reasons.map(({ rule }) => rule);
  const said = would.length === 0 ? [finding.text] : would;
  return createHash("sha256")
    .update([...rules, ...said].toSorted().join("\u0000"))
    .digest("hex");
}

function wouldOf({ reasons }: Finding): readonly string[] {
  return [...new Set(reasons.flatMap(({ would }) => would))];
}

function ruleOf({ reasons: [first] }: Finding): string {
  return first?.rule ?? "holdpoint/failure";
}

const levels = { info: "note", low: "note", medium: "warning", high: "error", critical: "error" } as const;
/** GitHub's scale: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below that low. */
const scores = { info: "1.0", low: "3.0", medium: "5.0", high: "8.0", critical: "9.5" } as const;
