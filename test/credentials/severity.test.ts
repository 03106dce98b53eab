import { expect, test } from "vitest";
import { adviceFor } from "../../src/credentials/advice.js";
import { severityOf } from "../../src/credentials/severity.js";
import type {
  AuditedPlace,
  Belonging,
  OnlineReach,
  ReachWidth,
  Severity,
} from "../../src/model/credential-audit.js";

interface Given {
  readonly width: ReachWidth;
  readonly place?: Partial<AuditedPlace>;
  readonly belonging?: Partial<Belonging>;
  readonly online?: OnlineReach;
  readonly isUnsure?: true;
}

function given({ width, place = {}, belonging = {}, online, isUnsure }: Given) {
  const places: readonly AuditedPlace[] = [
    {
      file: "/w/.env",
      line: 1,
      key: "K",
      modified: 0,
      git: "ignored",
      isOpen: false,
      isForbidden: false,
      ...place,
    },
  ];
  const belongs: Belonging = { environments: [], named: [], isProduction: false, ...belonging };
  const reach = { width, words: "it" };
  const severity = severityOf(places, reach, belongs, online);
  const base = {
    kind: "github-classic" as const,
    fingerprint: "",
    places,
    ...belongs,
    reach,
    isDoubtful: false,
    severity,
  };
  const advice = adviceFor(
    { ...base, ...(online === undefined ? {} : { online }) },
    { isUnsure: isUnsure === true, shown: (path) => path.slice(3) },
  );
  return { severity, advice: advice.join(" ") };
}

const refused: OnlineReach = { kind: "dead", words: "401" };

test.each<[string, Given, Severity, RegExp]>([
  ["account", { width: "account" }, "high", /^Use a fine-grained token.* Take it away/],
  [
    "account, as far as known",
    { width: "account", isUnsure: true },
    "high",
    /^Ask what it may do \(--online\)/,
  ],
  ["project", { width: "project" }, "medium", /^Take it away/],
  ["unknown", { width: "unknown" }, "medium", /^Take it away/],
  ["reading", { width: "read" }, "low", /^$/],
  [
    "reading production",
    { width: "read", belonging: { isProduction: true } },
    "high",
    /^Take it out of the agent's reach/,
  ],
  ["nothing, in git", { width: "nothing", place: { git: "tracked" } }, "low", /^$/],
  ["in git", { width: "resource", place: { git: "tracked" } }, "high", /^Rotate it: every clone/],
  ["in its history", { width: "unknown", place: { git: "history" } }, "high", /^Rotate it: git's history/],
  [
    "not ignored",
    { width: "resource", place: { git: "untracked" } },
    "medium",
    /^Put \.env into \.gitignore/,
  ],
  [
    "production",
    { width: "resource", belonging: { isProduction: true } },
    "high",
    /Take it out of the agent's reach/,
  ],
  [
    "named for the work",
    { width: "project", belonging: { named: ["x"], environments: ["staging"] } },
    "low",
    /^$/,
  ],
  [
    "named, and still too wide",
    { width: "account", belonging: { named: ["x"], environments: ["staging"] } },
    "high",
    /^Use a fine-grained/,
  ],
  [
    "nobody may read it",
    { width: "account", place: { isForbidden: true } },
    "low",
    /^Use a fine-grained token[^.]*\.$/,
  ],
  [
    "nobody may read it, but git has it",
    { width: "account", place: { isForbidden: true, git: "history" } },
    "high",
    /^Rotate/,
  ],
  ["refused", { width: "account", online: refused, place: { git: "tracked" } }, "low", /^Delete it/],
  [
    "others can read it",
    { width: "nothing", place: { isOpen: true } },
    "low",
    /^chmod 600 \.env: other accounts/,
  ],
  [
    "of a tracked file that is no news",
    { width: "nothing", place: { isOpen: true, git: "tracked" } },
    "low",
    /^$/,
  ],
  [
    "a name for a shell",
    { width: "nothing", place: { isOpen: true, file: "/w/a b" } },
    "low",
    /^chmod 600 'a b'/,
  ],
])("%s", (_, one, severity, advice) => {
  const got = given(one);
  expect(got.severity).toBe(severity);
  expect(got.advice).toMatch(advice);
});
