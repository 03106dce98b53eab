/** What a name says of the value beside it. `password`: people choose those. `secret`: drawn by a machine, most often. */
export type Telling = "password" | "secret" | undefined;

/** `DB_PASSWORD`, `apiKey`, `spring.datasource.password`, `client-secret`; not `passwordLength`, `tokenUrl`, `publicKey`. */
export function readName(name: string): Telling {
  if (known.has(name)) return known.get(name);
  const telling = tell(name);
  // The same few names stand in all files of a workspace.
  if (known.size >= mostKnown) known.clear();
  known.set(name, telling);
  return telling;
}

const known = new Map<string, Telling>();
const mostKnown = 5000;

function tell(name: string): Telling {
  const words = wordsOf(name);
  if (words === "" || words.length > 80 || harmless.test(words)) return undefined;
  if (password.test(words)) return "password";
  return secret.test(words) ? "secret" : undefined;
}

/** `apiKey` → `api_key`, `DBPassword` → `db_password`. */
export function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

/** Where it is used, which of several, and how it is written: `TOKEN_PROD`, `password_2`, `SECRET_B64`. */
const trailer =
  "(?:_(?:value|val|text|plain|plaintext|raw|b64|base64|hex|prod|production|staging|stage|stg|dev|development|qa|uat|live|main|default|old|new|current|previous|backup|primary|secondary|rw|ro|read|write|v?\\d{1,2}|us|eu|[a-d]))*$";

const password = new RegExp(
  `(?:^|_)(?:[a-z0-9]*passw(?:or)?d|[a-z0-9]*passphrase|[a-z]*pwd|passcode|pass|(?:db|user|smtp|mysql|root|admin|mail|ftp|ssh|my|pg)pass|auth_pw|pw)${trailer}`,
);

const qualifier =
  "api|access|secret|private|auth|encryption|encrypt|encryptor|signing|signature|sign|master|account|admin|service|role|shared|session|deploy|deployment|licen[cs]e|app|application|client|integration|ingest|webhook|hmac|jwt|cipher|crypto|cryptography|cookie|storage|subscription|server|write|ssh|recovery|bearer|consumer|partner|merchant|sdk|rest|live|prod|project|organization|org|team|rsa|root|management|security|host|agent|push|instrumentation|aes";

const secret = new RegExp(
  `(?:^|_)(?:[a-z0-9]*secret|[a-z0-9]*token|[a-z0-9]*apikey|[a-z0-9]*api_key|accesskey|secretkey|privatekey|authkey|encryptionkey|credentials?|secret_(?:string|key_base)|key_base|auth_pass|pat|(?:${qualifier})_?key|key_secret|connection_string_key)(?:_id_secret)?${trailer}`,
);

/** What is shown to everyone, counts, continues a list, or was made of a secret. All else is told by the value. */
const harmless =
  /(?:^|_)(?:public|publishable|pub|anon|csrf_?token|csrfmiddleware|csrfmiddlewaretoken|xsrf_token|authenticity|next|page|paging|pagination|continuation|cursor|resume|scroll|max|min|num|number|total|count|hash|hashed|digest|checksum|fingerprint|thumbprint|encrypted|sealed|masked|redacted|placeholder|label|hint|message|error|mint|erc20|nft|sitekey|site_key|lexer|design|color|idempotency|cancellation|etag|integrity)(?:_|$)/;
