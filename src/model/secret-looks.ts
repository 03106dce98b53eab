import type { CredentialKind } from "./credential-kind.js";

/** What the secrets of one kind look like, wherever they stand. */
export interface SecretLook {
  readonly kind: CredentialKind;
  /** Stands in every match, and in few other texts: where none of the hints is, no pattern need be tried. */
  readonly hint: RegExp;
  /** Rather too wide than too narrow: who hides secrets hides all of these. Runs over one run of characters alone, so that it takes no long time. */
  readonly pattern: RegExp;
  /** What a match must be as a whole to be one; left out: each match is. Who looks for secrets goes by this. */
  readonly whole?: RegExp;
}

/** One table for who hides secrets and who looks for them. A kind may have several looks. */
export const secretLooks: readonly SecretLook[] = [
  {
    kind: "aws-key-id",
    hint: /\b(?:AKIA|ASIA|AIDA|AROA)/i,
    pattern: /\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}\b/g,
    // The other two name users and roles.
    whole: /^A[KS]IA/,
  },
  {
    kind: "aws-session",
    hint: /\b(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)/,
    pattern: /\b(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9+/]{80,}={0,2}/g,
  },
  { kind: "github-classic", hint: /\bghp_/i, pattern: /\bghp_[A-Za-z0-9]{20,}/g, whole: /^.{36,}$/ },
  { kind: "github-fine-grained", hint: /\bgithub_pat/i, pattern: /\bgithub_pat_[A-Za-z0-9_]{20,}/g },
  { kind: "github-oauth", hint: /\bgho_/i, pattern: /\bgho_[A-Za-z0-9]{20,}/g, whole: /^.{36,}$/ },
  { kind: "github-app", hint: /\bgh[usr]_/i, pattern: /\bgh[usr]_[A-Za-z0-9]{20,}/g, whole: /^.{36,}$/ },
  {
    kind: "gitlab",
    hint: /\bgl[a-z]{2,5}-/i,
    pattern: /\bgl(?:pat|dt|rt|ptt|soat|cbt|ft|imt|agent|oas)-[A-Za-z0-9_.-]{16,}/g,
  },
  { kind: "atlassian", hint: /\bAT[AC]TT3x/, pattern: /\bAT[AC]TT3x[A-Za-z0-9_=-]{50,}/g },
  { kind: "bitbucket", hint: /\bATBB/, pattern: /\bATBB[A-Za-z0-9]{28,}/g },
  {
    kind: "slack",
    hint: /\bxox|\bxapp-/i,
    pattern: /\b(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}/g,
    whole: /^.{24,}$/,
  },
  {
    kind: "slack-webhook",
    hint: /hooks\.slack/i,
    pattern: /(?:https:\/\/)?\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{20,}/g,
  },
  {
    kind: "discord-webhook",
    hint: /\/api\/webhooks\//i,
    pattern: /https:\/\/[a-z.]{0,10}discord(?:app)?\.com\/api\/webhooks\/\d{15,21}\/[A-Za-z0-9_-]{30,}/g,
  },
  {
    kind: "discord",
    hint: /\.[\w-]{6}\.[\w-]{27}/,
    pattern: /\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}/g,
  },
  {
    kind: "telegram",
    hint: /\d:[A-Za-z0-9_-]{35}/,
    pattern: /\b\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
  },
  { kind: "stripe-test", hint: /\b[sr]k_test/i, pattern: /\b[sr]k_test_[A-Za-z0-9]{16,}/g },
  { kind: "stripe", hint: /\b[sr]k_live/i, pattern: /\b[sr]k_live_[A-Za-z0-9]{16,}/g },
  { kind: "generic", hint: /\b[sr]k_/i, pattern: /\b[sr]k_[A-Za-z0-9]{16,}/g, whole: /^.{35,}$/ },
  { kind: "stripe-webhook", hint: /\bwhsec_/i, pattern: /\bwhsec_(?:live_|test_)?[A-Za-z0-9+/]{16,}={0,2}/g },
  { kind: "square", hint: /\bsq0(?:atp|csp)-/, pattern: /\bsq0(?:atp|csp)-[A-Za-z0-9_-]{22,}/g },
  { kind: "anthropic", hint: /\bsk-ant-/i, pattern: /\bsk-ant-[A-Za-z0-9_-]{16,}/g },
  { kind: "model", hint: /\bsk-or-/i, pattern: /\bsk-or-[A-Za-z0-9_-]{16,}/g },
  { kind: "openai", hint: /\bsk-/i, pattern: /\bsk-(?:proj-)?[A-Za-z0-9_-]{16,}/g, whole: /^.{32,}$/ },
  {
    kind: "model",
    hint: /\b(?:gsk|r8|tgp_v1)_|\b(?:pplx|xai)-/,
    pattern: /\b(?:gsk_|r8_|tgp_v1_|pplx-|xai-)[A-Za-z0-9_-]{36,}/g,
  },
  { kind: "huggingface", hint: /\bhf_/i, pattern: /\bhf_[A-Za-z0-9]{20,}/g, whole: /^.{33,}$/ },
  { kind: "gcp-api-key", hint: /\bAIza/i, pattern: /\bAIza[A-Za-z0-9_-]{30,}/g, whole: /^.{39}$/ },
  {
    kind: "gcp-oauth",
    hint: /\bya29|\bGOCSPX-|\b1\/\/0/i,
    pattern: /\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}|\b1\/\/0[A-Za-z0-9_-]{38,}/g,
  },
  { kind: "jwt", hint: /\beyJ/i, pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?/g },
  { kind: "npm", hint: /\bnpm_/i, pattern: /\bnpm_[A-Za-z0-9]{30,}/g },
  { kind: "pypi", hint: /\bpypi-/i, pattern: /\bpypi-[A-Za-z0-9_-]{30,}/g },
  { kind: "rubygems", hint: /\brubygems_/i, pattern: /\brubygems_[a-f0-9]{40,}/g },
  { kind: "crates", hint: /\bcio[A-Za-z0-9]{32}/, pattern: /\bcio[A-Za-z0-9]{32}\b/g },
  { kind: "docker-registry", hint: /\bdckr_/i, pattern: /\bdckr_[po]at_[A-Za-z0-9_-]{20,}/g },
  {
    kind: "sendgrid",
    hint: /\bSG\./i,
    pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  },
  // AC… is an account's number, as good as a user's name.
  { kind: "twilio", hint: /\b(?:SK|AC)[a-f0-9]{32}/i, pattern: /\b(?:SK|AC)[a-f0-9]{32}\b/g, whole: /^SK/ },
  { kind: "mailgun", hint: /\bkey-/i, pattern: /\bkey-[a-f0-9]{32}\b/g },
  { kind: "mailchimp", hint: /[a-f0-9]-us\d/, pattern: /\b[a-f0-9]{32}-us\d{1,2}\b/g },
  { kind: "brevo", hint: /\bxkeysib-/, pattern: /\bxkeysib-[a-f0-9]{40,}(?:-[A-Za-z0-9]{8,})?/g },
  { kind: "resend", hint: /\bre_/, pattern: /\bre_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{20,}/g },
  { kind: "digitalocean", hint: /\bdo[opr]_v1_/i, pattern: /\bdo[opr]_v1_[a-f0-9]{40,}/g },
  { kind: "supabase-access", hint: /\bsbp_/i, pattern: /\bsbp_[a-f0-9]{30,}/g },
  { kind: "supabase-service", hint: /\bsb_/i, pattern: /\bsb_secret_[A-Za-z0-9_-]{16,}/g },
  { kind: "neon", hint: /\bnapi_/i, pattern: /\bnapi_[A-Za-z0-9]{30,}/g },
  {
    kind: "planetscale",
    hint: /\bpscale_/i,
    pattern: /\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{20,}/g,
  },
  {
    kind: "fly",
    hint: /\bFlyV1|\bfm[12][ar]?_|\bfo1_/i,
    pattern:
      /\bFlyV1\s[A-Za-z0-9_+/=,-]{20,}|\bfm[12][ar]?_[A-Za-z0-9_+/=]{20,}(?:,[A-Za-z0-9_+/=,-]{0,2000})?|\bfo1_[A-Za-z0-9_-]{30,}/g,
  },
  { kind: "render", hint: /\brnd_/i, pattern: /\brnd_[A-Za-z0-9]{20,}/g },
  { kind: "vercel", hint: /\bvc[apir]_/i, pattern: /\bvc[apir]_[A-Za-z0-9]{20,}/g },
  { kind: "netlify", hint: /\bnf[pcoub]_/, pattern: /\bnf[pcoub]_[A-Za-z0-9]{30,}/g },
  { kind: "heroku", hint: /\bHRKU-/, pattern: /\bHRKU-[A-Za-z0-9_-]{30,}/g },
  { kind: "databricks", hint: /\bdapi[a-f0-9]/i, pattern: /\bdapi[a-f0-9]{32}(?:-\d)?\b/g },
  { kind: "linear", hint: /\blin_(?:api|oauth)_/i, pattern: /\blin_(?:api|oauth)_[A-Za-z0-9]{30,}/g },
  { kind: "shopify", hint: /\bshp[a-z]{2}_/i, pattern: /\bshp(?:at|ss|ca|pa|tka)_[a-zA-Z0-9]{30,}/g },
  { kind: "vault", hint: /\bhv[sbr]\./, pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{20,}/g },
  {
    kind: "terraform-cloud",
    hint: /\.atlasv1\./,
    pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}/g,
  },
  { kind: "pulumi", hint: /\bpul-[a-f0-9]/, pattern: /\bpul-[a-f0-9]{40}\b/g },
  {
    kind: "doppler",
    hint: /\bdp\.(?:pt|st|ct|sa|scim|audit)\./,
    pattern: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{36,}/g,
  },
  { kind: "1password", hint: /\bops_eyJ/, pattern: /\bops_eyJ[A-Za-z0-9+/_-]{60,}={0,2}/g },
  {
    kind: "notion",
    hint: /\bntn_|\bsecret_[A-Za-z0-9]{43}/,
    pattern: /\b(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}\b)/g,
  },
  { kind: "airtable", hint: /\bpat[A-Za-z0-9]{14}\./, pattern: /\bpat[A-Za-z0-9]{14}\.[a-f0-9]{60,}/g },
  { kind: "figma", hint: /\bfig[dou]_/, pattern: /\bfig[dou]_[A-Za-z0-9_-]{36,}/g },
  { kind: "postman", hint: /\bPMAK-/, pattern: /\bPMAK-[a-f0-9]{24}-[a-f0-9]{30,}/g },
  { kind: "sentry", hint: /\bsntry[su]_/, pattern: /\bsntry[su]_[A-Za-z0-9+/=_-]{40,}/g },
  {
    kind: "grafana",
    hint: /\bglsa_|\bglc_eyJ/,
    pattern: /\b(?:glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_eyJ[A-Za-z0-9+/]{40,}={0,2})/g,
  },
  { kind: "new-relic", hint: /\bNRAK-|\bNRII-/, pattern: /\bNR(?:AK|II)-[A-Za-z0-9_-]{27,}/g },
  { kind: "buildkite", hint: /\bbk[a-z]{2}_/, pattern: /\bbk(?:ua|ct|at|pt|aj)_[a-zA-Z0-9_-]{36,}/g },
  { kind: "circleci", hint: /\bCCI(?:PAT|PRJ)_/, pattern: /\bCCI(?:PAT|PRJ)_[A-Za-z0-9]{20,}_[a-f0-9]{40}/g },
  {
    kind: "tailscale",
    hint: /\btskey-/,
    pattern: /\btskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}/g,
  },
  {
    kind: "azure-client-secret",
    hint: /\dQ~/,
    pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g,
  },
  {
    kind: "azure-storage",
    hint: /(?:Account|Access)Key=/i,
    pattern: /\b(?:Shared)?(?:Account|Access)Key=(?<s>[A-Za-z0-9+/]{40,}={0,2})/gi,
  },
  { kind: "age", hint: /\bAGE-SECRET/i, pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/g },
];
