import type { CredentialKind } from "../model/credential-kind.js";
import { wordsOf } from "./telling-name.js";

/** Whose a value is by what it is called, and by the line around it; undefined where neither says. */
export function kindByName(name: string, line = "", value = ""): CredentialKind | undefined {
  const words = wordsOf(name);
  const byName = rows.find(([, pattern, shape]) => pattern.test(words) && (shape?.test(value) ?? true));
  if (byName !== undefined) return byName[0];
  return services.find(([, pattern]) => pattern.test(line))?.[0];
}

type Row = readonly [kind: CredentialKind, words: RegExp, value?: RegExp];

/** Names as words: `aws_secret_access_key`. The first that fits. */
const rows: readonly Row[] = [
  ["railway", /railway/],
  ["aws-secret", /aws.*secret|secret_access_key|(?:^|_)s3_secret/, /^[A-Za-z0-9/+=]{40}$/],
  ["aws-session", /aws_(?:session|security)_token/],
  ["azure-client-secret", /(?:azure|arm|aad|entra|msal).*client_secret/],
  ["azure-storage", /(?:azure|storage|cosmos|account).*key/, /^[A-Za-z0-9/+]{43,86}={1,2}$/],
  ["supabase-service", /supabase.*(?:service|secret)/],
  ["supabase-access", /supabase.*access/],
  ["heroku", /heroku/],
  ["cloudflare", /cloudflare|^cf_(?:api|global|token|key)/],
  ["vercel", /vercel|^now_token/],
  ["netlify", /netlify/],
  ["render", /^render_/],
  ["neon", /^neon_/],
  ["fly", /^fly_/],
  ["planetscale", /planetscale|pscale/],
  ["digitalocean", /digital_?ocean|^do_(?:token|api|pat|access)|^spaces_/],
  ["datadog", /datadog|^dd_(?:api|app)/],
  ["sentry", /sentry/],
  ["twilio", /twilio/],
  ["sendgrid", /sendgrid/],
  ["mailgun", /mailgun/],
  ["mailchimp", /mailchimp/],
  ["brevo", /brevo|sendinblue/],
  ["resend", /^resend_/],
  ["anthropic", /anthropic|claude/],
  [
    "model",
    /deepseek|mistral|cohere|groq|together|replicate|perplexity|gemini|openrouter|fireworks|xai|eleven_?labs/,
  ],
  ["openai", /openai/],
  ["huggingface", /hugging_?face|^hf_/],
  ["npm", /(?:^|_)npm|node_auth/],
  ["pypi", /pypi|twine/],
  ["rubygems", /rubygems|gem_host/],
  ["crates", /cargo_registry|crates_io/],
  ["docker-registry", /docker|registry|ghcr/],
  ["terraform-cloud", /^tfe?_token|terraform_cloud|^tfc_/],
  ["pulumi", /pulumi/],
  ["vault", /^vault_/],
  ["doppler", /doppler/],
  ["databricks", /databricks/],
  ["linear", /^linear_/],
  ["notion", /notion/],
  ["airtable", /airtable/],
  ["figma", /figma/],
  ["postman", /postman/],
  ["shopify", /shopify/],
  ["grafana", /grafana/],
  ["new-relic", /new_?relic/],
  ["buildkite", /buildkite/],
  ["circleci", /circle_?ci/],
  ["tailscale", /tailscale|^ts_auth/],
  ["gitlab", /gitlab/],
  ["github-classic", /github|^gh_(?:token|pat)/, /^[a-f0-9]{40}$/],
  ["bitbucket", /bitbucket/],
  ["atlassian", /atlassian|jira|confluence/],
  ["slack", /slack/],
  ["discord", /discord/],
  ["telegram", /telegram/],
  ["stripe", /stripe/],
  ["square", /^square/],
  ["postgres", /postgres.*(?:pass|pwd)|^pg_?pass|(?:^|_)pg_.*(?:pass|pwd)/],
  ["mysql", /(?:mysql|mariadb).*(?:pass|pwd)/],
  ["mongodb", /mongo.*(?:pass|pwd)/],
  ["redis", /redis.*(?:pass|pwd|auth|token)|requirepass|redis_?cli_?auth/],
  ["amqp", /(?:rabbit|amqp).*(?:pass|pwd)/],
  ["database", /(?:^|_)(?:db|database|datasource|sql|jdbc)_?(?:.*_)?(?:pass|pwd)/],
];

/** What a line speaks of: `curl -H "Authorization: Bearer …" https://backboard.railway.com`. */
const services: readonly (readonly [CredentialKind, RegExp])[] = [
  ["railway", /railway/i],
  ["heroku", /api\.heroku\.com/i],
  ["cloudflare", /api\.cloudflare\.com/i],
  ["vercel", /api\.vercel\.com/i],
  ["netlify", /api\.netlify\.com/i],
  ["digitalocean", /api\.digitalocean\.com/i],
  ["fly", /api\.(?:fly\.io|machines\.dev)/i],
  ["neon", /console\.neon\.tech/i],
  ["gitlab", /gitlab\.com\/api/i],
  ["bitbucket", /bitbucket\.org/i],
  ["openai", /api\.openai\.com/i],
  ["twilio", /api\.twilio\.com/i],
  ["datadog", /api\.datadoghq/i],
  ["kubernetes", /kubectl|--kubeconfig/],
];
