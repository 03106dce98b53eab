/** Files and folders of a home in which tools keep what they sign in with, below the home. */
const stores: readonly string[] = (
  ".aws .azure .netrc _netrc .npmrc .yarnrc.yml .pypirc .pgpass .my.cnf .git-credentials .vault-token .s3cfg .boto .env " +
  ".docker/config.json .kube/config .railway .fly .vercel .supabase .netlify .heroku .terraform.d/credentials.tfrc.json .terraformrc " +
  ".cargo/credentials.toml .gem/credentials .m2/settings.xml .gradle/gradle.properties .composer/auth.json " +
  ".config/gh .config/glab-cli .config/gcloud .config/doctl .config/hub .config/railway .config/neonctl .config/vercel .config/stripe " +
  ".config/configstore .config/rclone .config/git/credentials .config/netlify .config/turso .config/op " +
  ".local/share/com.vercel.cli .local/share/supabase .local/share/gh"
).split(" ");

/** What is looked through besides the workspace; absolute. Where a variable names another place for a store, that. */
export function storesOf(home: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = pointers.flatMap((name) => (env[name] ?? "").split(name === "KUBECONFIG" ? ":" : "\0"));
  return [...stores.map((path) => `${home}/${path}`), ...named.filter((path) => path.startsWith("/"))];
}

const pointers = [
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CONFIG_FILE",
  "KUBECONFIG",
  "DOCKER_CONFIG",
  "NETRC",
  "NPM_CONFIG_USERCONFIG",
  "PGPASSFILE",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "CLOUDSDK_CONFIG",
  "GH_CONFIG_DIR",
  "CARGO_HOME",
];
