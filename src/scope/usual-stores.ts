import { isWithin } from "./globs.js";

/** Where tools keep what somebody logged in with: by the path below the home. */
export function isHomeStore(file: string, home: string): boolean {
  return isWithin(file, home) && homeStores.test(file.slice(home.length + 1));
}

/** What tools read of the folder that they are started in, right in one of these. */
export function isOwnStore(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isWithin(file, folder) && ownStores.test(file.slice(folder.length + 1)));
}

const homeStores = new RegExp(
  [
    // Folders of tools.
    "\\.(ssh|aws|azure|kube|railway|fly|docker|vercel|netlify|supabase|terraform\\.d|pulumi|heroku|oci|bluemix|databricks|snowsql)/",
    "\\.config/(gh|glab-cli|hub|gcloud|doctl|rclone|fly|neonctl|op|git|configstore|netlify|stripe|hcloud|linode-cli|scw|turso|ngrok|firebase|wrangler|\\.wrangler|sops|fish)/",
    "\\.local/share/(com\\.vercel\\.cli|supabase|railway)/",
    "Library/(Application Support|Preferences)/(com\\.vercel\\.cli|gcloud|doctl|glab-cli|netlify|rclone|neonctl|hcloud|\\.wrangler|heroku)/",
    "\\.(cargo|gem)/credentials",
    "\\.(m2/settings(-security)?\\.xml|gradle/gradle\\.properties|composer/auth\\.json|snowflake/\\w+\\.toml|config/composer/auth\\.json)$",
    // Files of tools.
    "[._](netrc|npmrc|yarnrc|yarnrc\\.yml|pypirc|pgpass|pg_service\\.conf|my\\.cnf|mylogin\\.cnf|git-credentials|gitconfig|vault-token|boto|s3cfg|curlrc|wgetrc|dockercfg|terraformrc|databrickscfg|pip/pip\\.conf|rclone\\.conf)$",
    // A person's own variables.
    "\\.(bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile|zlogin)$",
  ]
    .map((one) => `^(?:${one})`)
    .join("|"),
);

/** `.env`, `.env.local`, `.envrc`, `.dev.vars`, `.npmrc`, `.vercel/…` */
const ownStores =
  /^(?:\.env(?:rc)?(?:\.[^/]+)?|\.dev\.vars(?:\.[^/]+)?|\.(?:npmrc|yarnrc|yarnrc\.yml|pypirc|netrc|pgpass|secrets)|\.(?:vercel|railway|netlify|aws)\/.*)$/s;
