import type { CredentialKind } from "../model/credential-kind.js";

/** A file that a tool keeps credentials in. */
export interface StoreFile {
  /** What it is, for people: `AWS credentials`. */
  readonly what: string;
  /** Below the home. A name that is enough by itself, wherever it lies, has no folder. */
  readonly path: string;
  /** What a value in it is, where its look does not say; undefined: its name must. */
  readonly kind?: CredentialKind;
  /** The file is the credential and nothing else. */
  readonly isWhole?: true;
}

/** Where tools keep what they sign in with: their manuals' places on Linux and macOS. */
export const storeFiles: readonly StoreFile[] = [
  { what: "AWS credentials", path: ".aws/credentials" },
  { what: "AWS configuration", path: ".aws/config" },
  { what: "netrc", path: ".netrc", kind: "netrc" },
  { what: "npm configuration", path: ".npmrc", kind: "npm" },
  { what: "yarn configuration", path: ".yarnrc.yml", kind: "npm" },
  { what: "PyPI logins", path: ".pypirc", kind: "pypi" },
  { what: "git's logins", path: ".git-credentials", kind: "basic-auth" },
  { what: "git's logins", path: ".config/git/credentials", kind: "basic-auth" },
  { what: "git configuration", path: ".gitconfig" },
  { what: "GitHub CLI logins", path: ".config/gh/hosts.yml", kind: "github-oauth" },
  { what: "GitLab CLI logins", path: ".config/glab-cli/config.yml", kind: "gitlab" },
  { what: "hub login", path: ".config/hub", kind: "github-oauth" },
  { what: "Railway login", path: ".railway/config.json", kind: "railway" },
  { what: "Fly.io login", path: ".fly/config.yml", kind: "fly" },
  { what: "Vercel login", path: ".local/share/com.vercel.cli/auth.json", kind: "vercel" },
  { what: "Vercel login", path: "Library/Application Support/com.vercel.cli/auth.json", kind: "vercel" },
  { what: "Netlify login", path: ".config/netlify/config.json", kind: "netlify" },
  { what: "Netlify login", path: "Library/Preferences/netlify/config.json", kind: "netlify" },
  { what: "Neon login", path: ".config/neonctl/credentials.json", kind: "neon" },
  { what: "Supabase login", path: ".supabase/access-token", kind: "supabase-access", isWhole: true },
  { what: "PlanetScale login", path: ".config/planetscale/access-token", kind: "planetscale", isWhole: true },
  { what: "Heroku login", path: ".local/share/heroku/config.json", kind: "heroku" },
  { what: "Render login", path: ".render/cli.yaml", kind: "render" },
  { what: "DigitalOcean login", path: ".config/doctl/config.yaml", kind: "digitalocean" },
  { what: "Cloudflare login", path: ".config/.wrangler/config/default.toml", kind: "cloudflare" },
  { what: "Cloudflare login", path: ".wrangler/config/default.toml", kind: "cloudflare" },
  { what: "container registries", path: ".docker/config.json", kind: "docker-registry" },
  { what: "container registries", path: ".config/containers/auth.json", kind: "docker-registry" },
  { what: "container registries", path: ".dockercfg", kind: "docker-registry" },
  { what: "Kubernetes clusters", path: ".kube/config", kind: "kubernetes" },
  { what: "PostgreSQL passwords", path: ".pgpass", kind: "postgres" },
  { what: "PostgreSQL services", path: ".pg_service.conf", kind: "postgres" },
  { what: "MySQL password", path: ".my.cnf", kind: "mysql" },
  { what: "MongoDB logins", path: ".mongorc.js", kind: "mongodb" },
  {
    what: "Google Cloud login",
    path: ".config/gcloud/application_default_credentials.json",
    kind: "gcp-oauth",
  },
  { what: "Google Cloud logins", path: ".config/gcloud/legacy_credentials", kind: "gcp-oauth" },
  { what: "boto configuration", path: ".boto" },
  { what: "s3cmd configuration", path: ".s3cfg" },
  { what: "Azure logins", path: ".azure/msal_token_cache.json", kind: "azure-client-secret" },
  { what: "Azure logins", path: ".azure/accessTokens.json", kind: "azure-client-secret" },
  { what: "HCP Terraform login", path: ".terraform.d/credentials.tfrc.json", kind: "terraform-cloud" },
  { what: "Terraform configuration", path: ".terraformrc", kind: "terraform-cloud" },
  { what: "Pulumi login", path: ".pulumi/credentials.json", kind: "pulumi" },
  { what: "Vault token", path: ".vault-token", kind: "vault", isWhole: true },
  { what: "Doppler login", path: ".doppler/.doppler.yaml", kind: "doppler" },
  { what: "Databricks logins", path: ".databrickscfg", kind: "databricks" },
  { what: "rclone remotes", path: ".config/rclone/rclone.conf", kind: "rclone" },
  { what: "crates.io login", path: ".cargo/credentials.toml", kind: "crates" },
  { what: "crates.io login", path: ".cargo/credentials", kind: "crates" },
  { what: "RubyGems login", path: ".gem/credentials", kind: "rubygems" },
  { what: "RubyGems login", path: ".local/share/gem/credentials", kind: "rubygems" },
  { what: "Bundler configuration", path: ".bundle/config" },
  { what: "Maven servers", path: ".m2/settings.xml" },
  { what: "Gradle properties", path: ".gradle/gradle.properties" },
  { what: "Composer logins", path: ".composer/auth.json" },
  { what: "Composer logins", path: ".config/composer/auth.json" },
  { what: "NuGet sources", path: ".nuget/NuGet/NuGet.Config" },
  { what: "Hugging Face token", path: ".cache/huggingface/token", kind: "huggingface", isWhole: true },
  { what: "Hugging Face token", path: ".huggingface/token", kind: "huggingface", isWhole: true },
  { what: "Stripe CLI login", path: ".config/stripe/config.toml", kind: "stripe" },
  { what: "Sentry CLI login", path: ".sentryclirc", kind: "sentry" },
  { what: "CircleCI CLI login", path: ".circleci/cli.yml", kind: "circleci" },
  { what: "ngrok login", path: ".config/ngrok/ngrok.yml" },
  { what: "Claude Code login", path: ".claude/.credentials.json", kind: "anthropic" },
  { what: "Codex login", path: ".codex/auth.json", kind: "openai" },
  { what: "Gemini CLI login", path: ".gemini/oauth_creds.json", kind: "gcp-oauth" },
  { what: "SSH keys", path: ".ssh/id_rsa", kind: "private-key" },
  { what: "SSH keys", path: ".ssh/id_ed25519", kind: "private-key" },
  { what: "SSH keys", path: ".ssh/id_ecdsa", kind: "private-key" },
  { what: "age keys", path: ".config/sops/age/keys.txt", kind: "age" },
  { what: "age keys", path: "Library/Application Support/sops/age/keys.txt", kind: "age" },
];

/** The store that a path is, wherever the home is: known by its end. */
export function findStore(path: string): StoreFile | undefined {
  const named = byName.get(path.slice(path.lastIndexOf("/") + 1));
  return named?.find((store) => path === store.path || path.endsWith(`/${store.path}`));
}

const byName: ReadonlyMap<string, readonly StoreFile[]> = new Map(
  storeFiles.map((one) => [nameOf(one), storeFiles.filter((other) => nameOf(other) === nameOf(one))]),
);

function nameOf({ path }: StoreFile): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
