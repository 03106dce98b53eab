import { assertNever } from "../model/assert-never.js";
import type { Condition, FieldTest } from "../model/rule.js";

/** A condition as a sentence without its end: `what deletes a file, lying outside the workspace, where no way back is known`. */
export function conditionWords(condition: Condition): string {
  const action = condition.find(({ field }) => field === "action");
  const resource = condition.find(({ field }) => field === "resource");
  const verbs = action === undefined ? "does anything to" : say(action, actionWords);
  const thing = resource === undefined ? "anything" : say(resource, resourceWords);
  const rest = condition
    .filter((test) => test !== action && test !== resource)
    .toSorted((a, b) => place(a) - place(b));
  return [`what ${verbs} ${thing}`, ...rest.map(clause)].join(", ");
}

/** What is gone and whether it could be had again, as far as the condition says. */
export function wayBackWords(condition: Condition): string {
  const found = condition.find(({ field }) => field === "recovery");
  if (found === undefined) return "whether there is one or not";
  const words = list(found, recoveryWords, "or");
  return found.test.kind === "none" ? `any case but: ${words}` : words;
}

/** The condition as it is written, field by field. */
export function showCondition(condition: Condition): string {
  return condition.map(showField).join(", ");
}

function showField({ field, test }: FieldTest): string {
  switch (test.kind) {
    case "any":
      return `${field} is ${test.of.join(" or ")}`;
    case "none":
      return `${field} is not ${test.of.join(" nor ")}`;
    case "over":
      return `${field} is over ${test.count}`;
    default:
      return assertNever(test);
  }
}

type Words = Readonly<Record<string, string>>;

const actionWords: Words = {
  read: "reads",
  create: "creates",
  modify: "changes",
  delete: "deletes",
  execute: "runs",
  grant: "gives access to",
  send: "sends",
};
const resourceWords: Words = {
  file: "a file",
  http: "something by HTTP",
  graphql: "something by GraphQL",
  sql: "something in a database",
  cloud: "something in a cloud",
  git: "something in git",
  container: "a container or what belongs to one",
  kubernetes: "something in Kubernetes",
  process: "a process or service",
  device: "a device",
  package: "a package",
  secret: "a secret",
  guard: "the guard itself",
  opaque: "what cannot be foreseen",
};
const recoveryWords: Words = {
  git: "git has its content",
  recreate: "it can be made again",
  trash: "it goes to the trash",
  backup: "a backup exists",
  none: "there is no way back",
  unknown: "a way back is not known",
  needless: "nothing is lost",
};
const placeWords: Words = {
  workspace: "in the workspace",
  outside: "outside the workspace",
  temporary: "in a temporary folder",
  device: "in the place of a device",
  protected: "as a root, a home, a .git or a system folder",
  guard: "where the guard keeps its own",
  remote: "on another machine",
  unknown: "at a place that is not known",
};
const aspectWords: Words = { content: "its content", name: "its name", access: "its owner or mode" };
const certaintyWords: Words = { certain: "for certain", possible: "possibly" };

const boundsWords: Words = {
  granted: "grants",
  inside: "does not mind",
  outside: "does not allow",
  credential: "wants another credential for",
  never: "forbids",
};

/** In the order in which they are told: how a field's words are put, with their own words where they have some. */
const clauses: ReadonlyMap<string, { readonly lead: string; readonly words?: Words }> = new Map([
  ["aspect", { lead: "namely", words: aspectWords }],
  ["holds", { lead: "which is, or holds,", words: { manifest: "a scope manifest" } }],
  ["type", { lead: "of the kind" }],
  ["provider", { lead: "at" }],
  ["service", { lead: "of the service" }],
  ["engine", { lead: "in" }],
  ["database", { lead: "in the database" }],
  ["statement", { lead: "by the statement" }],
  ["operation", { lead: "by the operation" }],
  ["method", { lead: "by the method" }],
  ["field", { lead: "by the field" }],
  ["tool", { lead: "by the program" }],
  ["host", { lead: "at the host" }],
  ["path", { lead: "at the path" }],
  ["target", { lead: "named like" }],
  ["place", { lead: "lying", words: placeWords }],
  ["recursive", { lead: "", words: { true: "with all below it", false: "by itself" } }],
  ["restricted", { lead: "", words: { true: "limited to some rows", false: "reaching every row" } }],
  ["remote", { lead: "", words: { true: "on the remote", false: "only here" } }],
  [
    "guarded",
    { lead: "", words: { true: "with a guarded program behind it", false: "without a guarded one" } },
  ],
  ["environment", { lead: "in the environment" }],
  ["bounds", { lead: "which a scope manifest", words: boundsWords }],
  ["certainty", { lead: "", words: certaintyWords }],
  ["extent", { lead: "" }],
  ["recovery", { lead: "where", words: recoveryWords }],
]);
const order = [...clauses.keys()];

function place({ field }: FieldTest): number {
  const at = order.indexOf(field);
  return at < 0 ? order.length : at;
}

function clause(test: FieldTest): string {
  const { lead, words = {} } = clauses.get(test.field) ?? { lead: `with ${test.field}` };
  if (test.field === "recovery")
    return `${test.test.kind === "none" ? "unless" : "where"} ${list(test, words, "or")}`;
  const said = say(test, words);
  return lead === "" ? said : `${lead} ${said}`;
}

const mostWords = 8;

function say(one: FieldTest, words: Words): string {
  if (one.test.kind === "over") return `more than ${one.test.count} of them`;
  return one.test.kind === "any" ? list(one, words, "or") : `anything but ${list(one, words, "and")}`;
}

function list({ test }: FieldTest, words: Words, by: "or" | "and"): string {
  if (test.kind === "over") return "";
  const said = test.of.map((word) => words[word] ?? word);
  const shown = said.length > mostWords + 1 ? said.slice(0, mostWords) : said;
  const more = said.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} ${by} ${last}`;
}
