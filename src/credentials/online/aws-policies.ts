import * as v from "valibot";
import type { ReachWidth } from "../../model/credential-audit.js";
import { type AwsApi, textsIn } from "./aws-api.js";
import { listed } from "./reach.js";

export interface Policies {
  readonly width: ReachWidth;
  readonly words: string;
}

interface Held {
  readonly name: string;
  /** `managed`: AWS's own, whose name says what it is. `wide`: one of its own that allows everything on everything. */
  readonly sort: "managed" | "wide" | "own";
}

/**
 * What is attached to a user (and its groups) or a role, and the texts of those policies that are no one else's: a policy named `deploy`
 * may allow everything. Nothing is simulated; conditions, boundaries and an organization's own limits may take away from it.
 */
export async function policiesOf(of: "User" | "Role", name: string, api: AwsApi): Promise<Policies> {
  const own = await heldBy(of, name, api);
  const groups = of === "User" ? await read("ListGroupsForUser", { UserName: name }, "GroupName", api) : [];
  const ofGroups = await Promise.all(
    (groups ?? []).slice(0, most).map((group) => heldBy("Group", group, api)),
  );
  const all = [own, ...ofGroups, ...(groups === undefined ? [undefined] : [])];
  const held = all.flatMap((some) => some ?? []);
  const isPartial = all.includes(undefined);
  const names = listed([...new Set(held.map((one) => one.name))], "no policy", 6);
  const words = isPartial
    ? `${held.length === 0 ? "what it may do, IAM did not tell" : `${names}, and what IAM did not tell`}`
    : names;
  return { width: widthOf(held, isPartial), words };
}

/** Policies and groups that are looked at, of each sort. */
const most = 10;

function widthOf(held: readonly Held[], isPartial: boolean): ReachWidth {
  if (held.some(({ name, sort }) => sort === "wide" || (sort === "managed" && wide.test(name))))
    return "account";
  if (isPartial) return "unknown";
  if (held.length === 0) return "read";
  if (held.every(({ name, sort }) => sort === "managed" && reading.test(name))) return "read";
  return "resource";
}

/** IAM's own rights lead to all others. */
const wide = /^(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;
const reading = /ReadOnly|^ViewOnlyAccess$|^SecurityAudit$/;

/** Undefined: it may not ask. */
async function heldBy(
  of: "User" | "Role" | "Group",
  name: string,
  api: AwsApi,
): Promise<readonly Held[] | undefined> {
  const who = { [`${of}Name`]: name };
  const [attached, inline] = await Promise.all([
    read(`ListAttached${of}Policies`, who, "PolicyArn", api),
    read(`List${of}Policies`, who, "member", api),
  ]);
  if (attached === undefined || inline === undefined) return undefined;
  const texts = [
    ...attached.map((arn) => async (): Promise<Held> => {
      const policy = arn.split("/").at(-1) ?? arn;
      if (/^arn:[\w-]+:iam::aws:/.test(arn)) return { name: policy, sort: "managed" };
      return { name: policy, sort: sortOf(await versionOf(arn, api)) };
    }),
    ...inline.map((policy) => async (): Promise<Held> => {
      const form = { ...who, PolicyName: policy };
      return { name: policy, sort: sortOf((await read(`Get${of}Policy`, form, "PolicyDocument", api))?.[0]) };
    }),
  ];
  return Promise.all(texts.slice(0, most).map((text) => text()));
}

async function versionOf(arn: string, api: AwsApi): Promise<string | undefined> {
  const version = (await read("GetPolicy", { PolicyArn: arn }, "DefaultVersionId", api))?.[0];
  if (version === undefined) return undefined;
  return (await read("GetPolicyVersion", { PolicyArn: arn, VersionId: version }, "Document", api))?.[0];
}

async function read(
  action: string,
  form: Readonly<Record<string, string>>,
  tag: string,
  api: AwsApi,
): Promise<readonly string[] | undefined> {
  const answer = await api("iam", { Action: action, Version: "2010-05-08", ...form });
  return answer.kind === "answer" && answer.status < 300 ? textsIn(answer.text, tag) : undefined;
}

/** A policy's text comes percent-encoded. */
function sortOf(document: string | undefined): Held["sort"] {
  try {
    const policy = v.safeParse(policySchema, JSON.parse(decodeURIComponent(document ?? "")));
    const statements = policy.success ? [policy.output.Statement].flat() : [];
    return statements.some(isWide) ? "wide" : "own";
  } catch {
    return "own";
  }
}

const texts = v.union([v.string(), v.array(v.string())]);
const statementSchema = v.object({
  Effect: v.string(),
  Action: v.optional(texts),
  NotAction: v.optional(texts),
  Resource: v.optional(texts),
});
const policySchema = v.object({ Statement: v.union([statementSchema, v.array(statementSchema)]) });

function isWide({ Effect, Action, NotAction, Resource }: v.InferOutput<typeof statementSchema>): boolean {
  if (Effect !== "Allow" || ![Resource].flat().includes("*")) return false;
  return (
    NotAction !== undefined || [Action].flat().some((action) => /^(?:\*|\*:\*|iam:\*)$/i.test(action ?? ""))
  );
}
