import { decodeBytes } from "./bytes.js";
import type { World } from "./world.js";

/** Whether an absolute path is known for what it keeps from other accounts: keys, passwords, tokens. */
export function isSecretFile(path: string, world: Pick<World, "readFile">): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/\.(pub|example|sample|template|tmpl|dist|enc|gpg|age)$|^\.env\.(vault|schema|defaults)$/.test(name))
    return /\/\.password-store\//.test(path);
  if (/\.(pem|crt|cer)$/.test(name))
    return /^key\.pem$|(priv|-key)\w*\.pem$/i.test(name) || holdsPrivateKey(path, world);
  if (keptFolder.test(path)) return true;
  return names.test(name) || places.test(path);
}

/**
 * What of a file or a whole folder would give secrets away: the file, the folder that is known for them, or one that lies
 * right in it. The settings of a work tree (`.env`) go along with it, and do not make a secret of the tree.
 */
export function findSecret(path: string, world: World): string | undefined {
  if (isSecretFile(path, world)) return path;
  const stat = world.lstat(path);
  if (stat.exists && stat.kind !== "directory" && stat.kind !== "symlink") return undefined;
  const { home } = world.user;
  const bare = path.replace(/(?<=.)\/+$/, "");
  const isAbove = bare === "/" || home === bare || home.startsWith(`${bare}/`);
  if (isAbove || /^\/(root|etc|home|Users|home\/[^/]+|Users\/[^/]+)$/.test(bare) || secretFolder.test(bare))
    return bare;
  const listing = stat.exists ? world.readdir(bare, maxNames) : undefined;
  const found = listing?.ok === true ? listing.names : [];
  const inside = found.find((name) => !/^\.(env|npmrc)/.test(name) && isSecretFile(`${bare}/${name}`, world));
  return inside === undefined ? undefined : `${bare}/${inside}`;
}

/** A key to machines or mail is nobody's token: in no header is it in its place. */
export function isPrivateKey(path: string): boolean {
  return (
    /\/\.(ssh|gnupg)(\/|$)|\/(id_(rsa|dsa|ecdsa|ed25519)\w*|shadow|gshadow)-?$/.test(path) ||
    /\.(pem|key|ppk|p12|pfx|kdbx)$/.test(path) ||
    path === environment
  );
}

/** Stands for the variables of a shell, which hold the tokens that its files do not. */
export const environment = "the environment";

const maxNames = 500;

/** Folders of which everything is secret, but what is named. */
const keptFolder =
  /\/\.(gnupg|password-store)(\/|$)|\/\.ssh$|\/\.ssh\/(?!known_hosts|config$|authorized_keys|environment\.d)|\/\.aws\/(credentials|sso|cli\/cache)|\/\.(local\/share\/)?keyrings(\/|$)|\/Library\/Keychains\/|^\/etc\/(ssl\/private|wireguard|ipsec\.d\/private|sudoers\.d|letsencrypt\/(live|archive))(\/|$)/;

/** As a whole: `rsync -a ~/.aws/ host:`. */
const secretFolder =
  /\/\.(ssh|aws|azure|gnupg|kube|docker|password-store|secrets?|mozilla|thunderbird|1password|electrum|ethereum)$|\/\.config\/(gcloud|gh|op|rclone|doctl|google-chrome|chromium|solana)$|\/keyrings$|\/secrets$/;

const names = new RegExp(
  [
    /^\.env(rc)?($|\.)|^\.?(prod|production|staging)\.env$/,
    /^id_(rsa|dsa|ecdsa|ed25519)/,
    /^[._](netrc|pgpass|my\.cnf|mylogin\.cnf|git-credentials|htpasswd|npmrc|pypirc|vault-token|dockercfg|s3cfg|boto|rtorrent\.rc)$/,
    /\.(key|p12|pfx|jks|keystore|kdbx|kdb|ppk|ovpn|tfstate|tfstate\.backup|mobileprovision|asc\.key|agekey)$/,
    /^(credentials|secrets?)(\.\w+)?$|^secrets?\.(auto\.)?tfvars$/,
    /^(shadow|gshadow|sudoers)-?$|^master\.passwd$|^ssh_host_\w+_key$/,
    /^kubeconfig(\.ya?ml)?$|^(admin|super-admin|kubelet)\.conf$/,
    /^(service[-_]?account|client_secret|gcp[-_]key|application_default_credentials)[\w.-]*\.json$/,
    /^wallet\.dat$|^(logins\.json|key[34]\.db|signons\.sqlite)$|^\.(bash|zsh|psql|mysql|python|node_repl|sh|fish)_history$/,
    /^accessTokens\.json$|^msal_token_cache/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "i",
);

const places = new RegExp(
  [
    /\/\.kube\/config$|\/\.docker\/config\.json$|\/\.railway\/config[^/]*\.json$/,
    /\/gcloud\/(credentials\.db|access_tokens\.db|legacy_credentials\/.*)$|\/\.config\/(gh|glab-cli|hub)(\/hosts\.yml|\/config\.yml)?$/,
    /\/(rclone\/rclone|doctl\/config|op\/config)\.(conf|yaml)?$|\/\.rclone\.conf$|\/\.fly\/config\.yml$/,
    /\/\.(cargo|gem)\/credentials(\.toml)?$|\/\.m2\/settings(-security)?\.xml$|\/\.gradle\/gradle\.properties$/,
    /\/\.(composer|config\/composer)\/auth\.json$|\/\.terraform\.d\/credentials\.tfrc\.json$|\/\.config\/solana\/id\.json$/,
    /\/(Default|Profile \d+)\/(Login Data|Cookies|Web Data)$|\/firefox\/[^/]+\/cookies\.sqlite$/,
    /^\/proc\/(self|\d+|\*)\/environ$|^\/run\/secrets\/|^\/var\/run\/secrets\//,
    /\/holdpoint\/(state|session|trust|key)[^/]*\.(json|key)$|\/\.(claude|codex|gemini)\/(\.credentials|auth|oauth_creds)\.json$/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

/** A certificate is for everyone; the same kind of file may hold the key to it. */
function holdsPrivateKey(path: string, { readFile }: Pick<World, "readFile">): boolean {
  const content = readFile(path, 64 << 10);
  return content.ok && decodeBytes(content.bytes).includes("PRIVATE KEY-----");
}
