import type { CredentialKind } from "../model/credential-kind.js";

/** What a kind is, for people. */
export interface Kind {
  /** `Railway token`: what it is called, without an article. */
  readonly words: string;
  /** Whose service takes it; undefined where its kind does not say. */
  readonly provider: string | undefined;
  /** What somebody who holds it can do; lower case, no full stop. */
  readonly use: string;
}

export const kinds: Readonly<Record<CredentialKind, Kind>> = {
  railway: kind("Railway token", "Railway", "reads, changes and deletes services, variables and volumes"),
  "aws-key-id": kind("AWS access key id", "AWS", "names the key; signs nothing without its secret"),
  "aws-secret": kind("AWS secret access key", "AWS", "does whatever its user's policies allow"),
  "aws-session": kind("AWS session token", "AWS", "does what its role allows, for some hours"),
  "github-classic": kind(
    "GitHub personal access token (classic)",
    "GitHub",
    "acts on every repository that its user can reach, within its scopes",
  ),
  "github-fine-grained": kind(
    "GitHub fine-grained token",
    "GitHub",
    "acts on the repositories that were chosen for it",
  ),
  "github-oauth": kind(
    "GitHub OAuth token",
    "GitHub",
    "acts as its user, within its scopes; what gh signs in with",
  ),
  "github-app": kind("GitHub app token", "GitHub", "acts on the repositories where its app is installed"),
  gitlab: kind("GitLab token", "GitLab", "acts on projects and groups, within its scopes"),
  bitbucket: kind("Bitbucket password or token", "Bitbucket", "reads and writes repositories"),
  atlassian: kind("Atlassian API token", "Atlassian", "acts as its user in Jira, Confluence and Bitbucket"),
  "supabase-access": kind(
    "Supabase access token",
    "Supabase",
    "manages, and deletes, every project of its account",
  ),
  "supabase-service": kind(
    "Supabase service key",
    "Supabase",
    "reads and writes a whole project, past its row rules",
  ),
  fly: kind("Fly.io token", "Fly.io", "deploys, changes and destroys apps and volumes"),
  neon: kind("Neon API key", "Neon", "manages, and deletes, projects, branches and databases"),
  planetscale: kind("PlanetScale token or password", "PlanetScale", "reaches databases, or manages them"),
  vercel: kind("Vercel token", "Vercel", "deploys, and reads and changes projects and their variables"),
  netlify: kind("Netlify token", "Netlify", "deploys, changes and deletes every site of its account"),
  render: kind("Render API key", "Render", "manages, and deletes, services and databases"),
  heroku: kind("Heroku API key", "Heroku", "manages, and destroys, apps and their databases"),
  digitalocean: kind(
    "DigitalOcean token",
    "DigitalOcean",
    "manages, and destroys, droplets, volumes and databases",
  ),
  cloudflare: kind("Cloudflare API token or key", "Cloudflare", "changes DNS, workers and storage"),
  "gcp-service-account": kind(
    "Google Cloud service account key",
    "Google Cloud",
    "does whatever its account's roles allow",
  ),
  "gcp-oauth": kind("Google OAuth token or secret", "Google", "acts as the user who signed in"),
  "gcp-api-key": kind(
    "Google API key",
    "Google",
    "calls the APIs it is not kept from, at its project's cost",
  ),
  "azure-storage": kind(
    "Azure account or connection key",
    "Azure",
    "reads, writes and deletes all that its account holds",
  ),
  "azure-client-secret": kind("Azure client secret", "Azure", "signs in as its application"),
  slack: kind("Slack token", "Slack", "reads and writes what its app or user may"),
  "slack-webhook": kind("Slack webhook", "Slack", "posts to one channel"),
  discord: kind("Discord token", "Discord", "acts as a bot, wherever it was let in"),
  "discord-webhook": kind("Discord webhook", "Discord", "posts to one channel"),
  telegram: kind("Telegram bot token", "Telegram", "acts as a bot, and reads what is sent to it"),
  stripe: kind("Stripe live key", "Stripe", "moves money and reads customers"),
  "stripe-test": kind("Stripe test key", "Stripe", "acts on test data alone"),
  "stripe-webhook": kind("Stripe webhook secret", "Stripe", "signs events that your endpoint will believe"),
  square: kind("Square token", "Square", "moves money and reads customers"),
  twilio: kind("Twilio auth token or key", "Twilio", "sends messages and calls at its account's cost"),
  sendgrid: kind("SendGrid API key", "SendGrid", "sends mail as its account"),
  mailgun: kind("Mailgun API key", "Mailgun", "sends mail as its domains, and reads their logs"),
  mailchimp: kind("Mailchimp API key", "Mailchimp", "reads and changes lists of people, and sends to them"),
  brevo: kind("Brevo API key", "Brevo", "sends mail, and reads lists of people"),
  resend: kind("Resend API key", "Resend", "sends mail as its domains"),
  openai: kind(
    "OpenAI API key",
    "OpenAI",
    "runs models at its account's cost, and reads what is stored there",
  ),
  anthropic: kind("Anthropic API key", "Anthropic", "runs models at its account's cost"),
  model: kind("model provider's API key", undefined, "runs models at its account's cost"),
  huggingface: kind("Hugging Face token", "Hugging Face", "reads, and perhaps writes, models and data sets"),
  npm: kind("npm token", "npm", "reads, and perhaps publishes, packages"),
  pypi: kind("PyPI token", "PyPI", "publishes packages"),
  rubygems: kind("RubyGems API key", "RubyGems", "publishes, and yanks, packages"),
  crates: kind("crates.io token", "crates.io", "publishes, and yanks, packages"),
  "docker-registry": kind("container registry login", undefined, "pulls, and perhaps pushes, images"),
  kubernetes: kind(
    "Kubernetes credential",
    "Kubernetes",
    "does whatever its user's roles allow in the cluster",
  ),
  "terraform-cloud": kind("HCP Terraform token", "HCP Terraform", "runs plans and applies, and reads states"),
  pulumi: kind("Pulumi access token", "Pulumi", "reads and changes stacks and their secrets"),
  vault: kind("Vault token", "Vault", "reads, and perhaps writes, secrets"),
  doppler: kind("Doppler token", "Doppler", "reads, and perhaps writes, secrets"),
  "1password": kind("1Password service account token", "1Password", "reads the vaults it was given"),
  databricks: kind("Databricks token", "Databricks", "acts as its user in a workspace"),
  linear: kind("Linear API key", "Linear", "acts as its user on issues"),
  notion: kind("Notion token", "Notion", "reads and writes the pages it was given"),
  airtable: kind("Airtable token", "Airtable", "reads and writes the bases it was given"),
  figma: kind("Figma token", "Figma", "reads the files that its user can reach"),
  postman: kind(
    "Postman API key",
    "Postman",
    "reads collections and environments, and what secrets they hold",
  ),
  shopify: kind("Shopify token", "Shopify", "reads and changes a shop"),
  datadog: kind(
    "Datadog key",
    "Datadog",
    "sends metrics; with an application key, reads and changes the account",
  ),
  sentry: kind("Sentry auth token", "Sentry", "reads events, and changes projects"),
  grafana: kind("Grafana token", "Grafana", "reads and changes dashboards and data sources"),
  "new-relic": kind("New Relic key", "New Relic", "reads and changes the account"),
  buildkite: kind("Buildkite token", "Buildkite", "runs builds, or takes them"),
  circleci: kind("CircleCI token", "CircleCI", "runs builds and reads projects"),
  tailscale: kind(
    "Tailscale key",
    "Tailscale",
    "adds machines to the network, or changes who may reach what",
  ),
  postgres: kind("PostgreSQL password", "PostgreSQL", "does what its role may in the database"),
  mysql: kind("MySQL password", "MySQL", "does what its user may in the database"),
  mongodb: kind("MongoDB password", "MongoDB", "does what its user may in the database"),
  redis: kind("Redis password", "Redis", "reads, changes and flushes what is stored"),
  amqp: kind("message broker password", undefined, "reads, sends and purges messages"),
  database: kind("database password", undefined, "does what its user may in the database"),
  netrc: kind("password of a host (netrc)", undefined, "signs in to that host"),
  "basic-auth": kind("password in a URL", undefined, "signs in to that host"),
  rclone: kind("rclone remote's password or token", undefined, "reads and writes the storage behind it"),
  "private-key": kind("private key", undefined, "signs in, or signs, as its owner"),
  "encrypted-key": kind(
    "private key with a passphrase",
    undefined,
    "signs in as its owner, for who knows the passphrase",
  ),
  age: kind("age secret key", undefined, "opens what was encrypted for it"),
  jwt: kind("JSON web token", undefined, "acts as its bearer until it expires"),
  bearer: kind("token in an authorization header", undefined, "acts as its bearer"),
  generic: kind("secret under a telling name", undefined, "whatever takes it"),
};

function kind(words: string, provider: string | undefined, use: string): Kind {
  return { words, provider, use };
}
