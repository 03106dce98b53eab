import * as v from "valibot";
import { serverOf } from "../scope/server.js";
import { type Facts, facts, word } from "./facts.js";

const claims = v.looseObject({
  exp: v.optional(v.number()),
  iss: v.optional(v.string()),
  role: v.optional(v.string()),
  ref: v.optional(v.string()),
  "kubernetes.io/serviceaccount/namespace": v.optional(v.string()),
  "kubernetes.io/serviceaccount/service-account.name": v.optional(v.string()),
});
type Claims = v.InferOutput<typeof claims>;

/** A token that says itself who issued it, for which role, and until when. Its signature is nobody's business here. */
export function readJwt(value: string, now: number): Facts | undefined {
  const [, payload] = /^eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]*$/.exec(value) ?? [];
  const read = payload === undefined ? undefined : parseClaims(payload);
  if (read === undefined) return undefined;
  if (read.exp !== undefined && read.exp * 1000 < now)
    return facts("nothing", `nothing any longer: it expired on ${dayOf(read.exp)}`, thingsOf(read));
  const until = read.exp === undefined ? "" : `, until ${dayOf(read.exp)}`;
  const found = ofIssuer(read);
  return { ...found, words: `${found.words}${until}`, things: thingsOf(read) };
}

function ofIssuer(read: Claims): Facts {
  const { iss = "", role, ref } = read;
  const name = read["kubernetes.io/serviceaccount/service-account.name"];
  if (name !== undefined) {
    const space = read["kubernetes.io/serviceaccount/namespace"] ?? "default";
    return facts("project", `what service account ${space}/${name} may in its Kubernetes cluster`);
  }
  if (isSupabase(read)) {
    const project = ref === undefined ? "one Supabase project" : `Supabase project ${ref}`;
    if (role === "service_role")
      return facts("project", `all of ${project}, past its row-level security (service_role)`);
    if (role === "anon")
      return facts("read", `what row-level security of ${project} lets anybody do (anon, made for browsers)`);
  }
  const by = iss === "" ? "what takes this signed token" : `what ${iss} signed it for`;
  return facts("unknown", role === undefined ? by : `${by}, as ${role}`);
}

function isSupabase({ iss = "", role }: Claims): boolean {
  return /supabase/.test(iss) || role === "service_role";
}

function thingsOf(read: Claims): Facts["things"] {
  const { iss = "", ref } = read;
  const [, host] = /^https:\/\/([^/?#]+)/.exec(iss) ?? [];
  return [
    ...(host === undefined ? [] : [serverOf(host)]),
    ...(ref === undefined ? [] : [word(ref, "id"), serverOf(`${ref}.supabase.co`)]),
  ];
}

function parseClaims(payload: string): Claims | undefined {
  try {
    const parsed = v.safeParse(claims, JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds since the epoch, as the standard has it; what is no date is left as it is. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 10);
}
