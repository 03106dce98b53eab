import type { ReachWidth } from "../model/credential-audit.js";
import type { CredentialKind } from "../model/credential-kind.js";
import { type Facts, facts, unsure } from "./facts.js";
import { kinds } from "./kinds.js";
import { readAwsKey } from "./reach-aws.js";
import { readDatabase } from "./reach-database.js";
import { readFileKind } from "./reach-file.js";
import { readJwt } from "./reach-jwt.js";
import { readPrivateKey } from "./reach-key.js";
import { shapes, variables } from "./reach-shapes.js";
import type { Sighting } from "./sighting.js";

/** What a credential says of itself, without asking anybody. */
/** From its shape, from what stands around it, from its name. `now`: milliseconds since the epoch. */
export function factsOf(one: Sighting, now: number): Facts {
  return (
    readJwt(one.value, now) ??
    readPrivateKey(one) ??
    readDatabase(one) ??
    readAwsKey(one) ??
    byTable(shapes, one.value) ??
    readFileKind(one) ??
    (one.key === undefined ? undefined : byTable(variables, one.key)) ??
    (/railway/i.test(`${one.kind} ${one.key ?? ""}`) ? railway : undefined) ??
    byKind(one.kind)
  );
}

function byTable(
  table: readonly (readonly [pattern: RegExp, width: ReachWidth, words: string])[],
  text: string,
): Facts | undefined {
  const row = table.find(([pattern]) => pattern.test(text));
  return row === undefined ? undefined : facts(row[1], row[2]);
}

function byKind(kind: CredentialKind): Facts {
  return kind === "generic"
    ? facts("unknown", "nobody knows: neither its shape nor its name tells what takes it")
    : facts(widths[kind] ?? "unknown", `whoever holds it ${kinds[kind].use}`);
}

/** Of kinds whose values have no shape that says more. */
const widths: Readonly<Partial<Record<CredentialKind, ReachWidth>>> = {
  "encrypted-key": "nothing",
  "stripe-test": "nothing",
  "aws-secret": "account",
  "azure-client-secret": "workspace",
  "azure-storage": "workspace",
  bitbucket: "account",
  atlassian: "account",
  heroku: "account",
  netlify: "account",
  render: "account",
  digitalocean: "account",
  "supabase-access": "account",
  neon: "account",
  vercel: "account",
  circleci: "account",
  buildkite: "workspace",
  pulumi: "account",
  datadog: "workspace",
  "new-relic": "workspace",
  grafana: "workspace",
  tailscale: "workspace",
  kubernetes: "workspace",
  square: "account",
  twilio: "account",
  openai: "account",
  cloudflare: "project",
  "supabase-service": "project",
  "slack-webhook": "resource",
  "discord-webhook": "resource",
  "stripe-webhook": "resource",
  "gcp-api-key": "resource",
};

// An account's, a workspace's and a project's token look alike: the worst of them counts until Railway itself was asked.
const railway = unsure(
  "account",
  "every project of a Railway account, unless it is a workspace's or a project's token",
);
