import type { CredentialKind } from "../../model/credential-kind.js";
import { aws } from "./aws.js";
import { database } from "./database.js";
import { github } from "./github.js";
import { gitlab } from "./gitlab.js";
import { cloudflare, digitalocean, fly, heroku, neon, netlify, render, supabase, vercel } from "./hosting.js";
import { kubernetes } from "./kubernetes.js";
import { anthropic, datadog, linear, openai, sendgrid, sentry, slack, stripe } from "./products.js";
import { railway } from "./railway.js";
import { huggingface, npm } from "./registries.js";
import { type Inquiry, type Service, serviceInquiry } from "./service.js";

export const services = {
  railway,
  github,
  gitlab,
  npm,
  huggingface,
  vercel,
  netlify,
  render,
  heroku,
  digitalocean,
  cloudflare,
  supabase,
  neon,
  fly,
  slack,
  stripe,
  sendgrid,
  openai,
  anthropic,
  sentry,
  linear,
  datadog,
} satisfies Readonly<Record<string, Service>>;

type ServiceName = keyof typeof services;

/** The service that a kind of credential is for; where that is not of the kind's own name. */
const serviceNames: Readonly<Partial<Record<CredentialKind, ServiceName>>> = {
  "github-classic": "github",
  "github-fine-grained": "github",
  "github-oauth": "github",
  "github-app": "github",
  "supabase-access": "supabase",
  "supabase-service": "supabase",
  "stripe-test": "stripe",
};

/** Undefined: none that can be asked. */
export function serviceOf(kind: CredentialKind): Service | undefined {
  const name = serviceNames[kind] ?? Object.keys(services).find((one) => one === kind);
  const [service] = Object.entries(services).flatMap(([own, one]) => (own === name ? [one] : []));
  return service;
}

/** What a connection URL is found as. */
export function isDatabase(kind: CredentialKind): boolean {
  return databases.has(kind);
}

const databases: ReadonlySet<CredentialKind> = new Set([
  "postgres",
  "mysql",
  "mongodb",
  "redis",
  "amqp",
  "database",
]);

/** How a kind is asked about; undefined: nobody can be asked. */
export function inquiryOf(kind: CredentialKind): Inquiry | undefined {
  if (kind === "aws-key-id" || kind === "aws-secret" || kind === "aws-session") return aws;
  if (kind === "kubernetes") return kubernetes;
  if (isDatabase(kind)) return database;
  const service = serviceOf(kind);
  return service === undefined ? undefined : serviceInquiry(service);
}
