import { isPatterned, looksRandom } from "./randomness.js";

/** Whether a text stands where a secret would, and is none: a place to fill in, a reference, a sum, or an example from the manuals. */
export function isLookAlike(value: string): boolean {
  // An option of a command, and the first part of a web token.
  if (/^--?[a-z]|^eyJ[A-Za-z0-9_-]*$/.test(value)) return true;
  return (
    isTemplate(value) || isReference(value) || isDigest(value) || isPublic(value) || isPlaceholder(value)
  );
}

/** Something else is put here later: `${TOKEN}`, `{{ token }}`, `<your token>`, `$(pass show x)`, `%s`. */
function isTemplate(value: string): boolean {
  return (
    /^[<[{(%$@#].*[>\]})%@#]$|^\$[A-Za-z_{(]|^%[sdvq]|^&|^\*\w|^:\w+$|^!\w/s.test(value) ||
    /\$\{|\$\(|\{\{|\}\}|<%|#\{|%\{|%\(\w+\)s|\$\w*[A-Z]{3}|%[A-Z_]{3,}%|__[A-Z_]{3,}__|<[a-z][\w -]*>/.test(
      value,
    )
  );
}

/** Where the secret is kept, and not what it is: a path, an id of a secrets' store, an expression. */
function isReference(value: string): boolean {
  return (
    /^(?:\.{0,2}\/|~\/|[A-Z]:\\|file:|arn:|projects\/|op:\/\/|vault:|ref\+|ssm:|sm:|secret:|secrets?\/|kv\/|bws:|doppler:|awskms:|gcpkms:|azurekms:|env[:.(]|https?:\/\/|@Microsoft\.KeyVault|keyring:|pass:|keychain:|resolve:|data:|urn:|spiffe:|did:|ssh-(?:rsa|ed25519|dss) |ecdsa-sha2-)/i.test(
      value,
    ) ||
    /^(?:process\.env|import\.meta|os\.(?:environ|getenv)|env\.|ENV\[|config[.([]|settings\.|secrets?\.|vars?\.|local\.|data\.|module\.|this\.|self\.|props\.|params\.|args\.|options\.|request\.|req\.|ctx\.|context\.|getenv|System\.getenv|Deno\.env|std::env|inputs\.|github\.|steps\.|needs\.|parameters\.|variables\.|values\.|\.Values\.|new |await |async |function|lambda|return |typeof |null\b|None\b)/.test(
      value,
    ) ||
    // Names within names: `auth.errors.token_expired`, `Foo::Bar`; a call; a file's name.
    (/^[A-Za-z_$][\w$-]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$-]*)+(?:\(.*\))?;?$/.test(value) &&
      !looksRandom(value)) ||
    /^[\w.]+\([^)]*\)?;?$/.test(value) ||
    /\.(?:pem|key|crt|cer|json|ya?ml|txt|env|js|ts|py|rb|go|html?|md|png|svg|jpe?g|sh|xml|pub|p12|pfx|jks)$/i.test(
      value,
    )
  );
}

/** What was made of a secret, and does not give it back: sums, hashes of passwords, values that a tool encrypted. */
function isDigest(value: string): boolean {
  return (
    /^\$(?:2[abxy]?|5|6|1|y|apr1|argon2\w*|pbkdf2[\w-]*|scrypt)\$|^(?:pbkdf2|bcrypt|argon2|scrypt|sha\d*|md5)[\w]*\$|^\{S?SHA\d*\}|^\{(?:bcrypt|cipher|noop|crypt)\}/i.test(
      value,
    ) ||
    /^(?:sha(?:1|224|256|384|512)|md5|blake\w*)[-:=]/i.test(value) ||
    /^ENC[[(]|^\$ANSIBLE_VAULT|^vault:v\d|^AgA?[A-Za-z0-9+/]{200,}|^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED|CERTIFICATE|PUBLIC|RSA PUBLIC)|^age1[a-z0-9]{50,}|^SCRAM-SHA/.test(
      value,
    )
  );
}

/** Made to be shown to everyone. */
function isPublic(value: string): boolean {
  return /^(?:pk_(?:live|test)_|pk\.eyJ|sb_publishable_|ssh-|public-|pub_|rzp_test_|G-[A-Z0-9]{8,}$|UA-\d|GTM-|ca-pub-|phc_|6L[A-Za-z0-9_-]{38}$)/.test(
    value,
  );
}

/** `changeme`, `your-token-here`, `xxxxxxxx`, `1234567890`, `abc123`, and the keys of the manuals. */
export function isPlaceholder(value: string): boolean {
  const plain = value.toLowerCase();
  if (isFromManual(value) || weak.has(plain) || weak.has(unleet(plain)) || isPatterned(value)) return true;
  if (
    /x{4,}|\*{3,}|\.{3,}|…|•{2,}|_{4,}|-{4,}|#{3,}|0{8,}|1234567|abcdefg|qwerty|deadbeef|cafebabe/i.test(
      value,
    )
  )
    return true;
  if (long.test(plain)) return true;
  // A short word may stand in a drawn text by chance; there it stands alone, and the rest is still drawn.
  const rest = value.replace(stuffing, "");
  return rest.length < value.length && !looksRandom(rest.replace(/^[\W_]+|[\W_]+$/g, ""), 12);
}

/** Printed in the makers' own manuals and tools, for everyone to use. */
export function isFromManual(value: string): boolean {
  return manuals.has(value);
}

/** What servers are set up with, and what names one of their users: no secret, but a password where such a server can be reached. */
export function isStandard(value: string): boolean {
  return standard.has(value.toLowerCase());
}

function unleet(text: string): string {
  const letters: Readonly<Record<string, string>> = {
    0: "o",
    1: "i",
    3: "e",
    4: "a",
    5: "s",
    7: "t",
    $: "s",
    "@": "a",
    "!": "i",
  };
  return text.replace(/[013457$@!]/g, (digit) => letters[digit] ?? digit).replace(/[^a-z]+/g, "");
}

const long =
  /example|placeholder|change-?_?me|change_?-?(?:this|it)|change.?in.?prod|replace|insert.?(?:your|here)|your[-_ ]?\w|[-_ ]here$|dummy|redacted|mysecret|my[-_]?(?:super[-_]?)?secret|my[-_]?(?:password|token|api)|super[-_]?secret|secret[-_]?key|not[-_]?(?:a|so|the)?[-_]?(?:real|secret|used|set|needed|secure)|insecure|sample|lorem|foobar|foo[-_]?bar|testing|unittest|test[-_]?(?:key|token|secret|pass|api|user)|fake|for[-_]?testing|lookalike|masked|hidden|undefined|unused|unknown|some[-_]?(?:secret|token|password|key|random|value)|random[-_]?(?:string|secret|key|value)|todo|fixme|hunter2$|throwaway|development|local[-_]?dev/;

const stuffing =
  /(?<![A-Za-z])(?:[Tt]est(?:s|er|ing)?|TEST|[Mm]ock|MOCK|[Dd]emo|DEMO|[Ff]oo|[Bb]ar|[Bb]az|[Aa]bc|ABC|[Xx]yz|[Yy]our|YOUR|[Dd]ev|[Ll]ocal|[Ss]ecret|SECRET|[Pp]assword|PASSWORD|[Tt]oken|TOKEN|[Kk]ey|KEY|[Aa]pi|API|[Vv]alue|[Uu]ser|[Aa]dmin|[Ff]ake|[Nn]one|[Ss]tring|[Ii]nvalid|[Vv]alid|[Ww]rong|[Oo]ld|[Nn]ew|[Mm]y|[Ff]irst|[Ss]econd)(?![a-z])/g;

/** What somebody types for the time being, and what servers are set up with. */
const weak: ReadonlySet<string> = new Set(
  (
    "password passwd pass pwd passw passphrase secret token key apikey api changeit letmein welcome admin administrator root user username guest " +
    "test tester testing default none null nil true false yes no on off empty string str int bool any text value required optional hidden invalid " +
    "foo bar baz qux foobar hello world helloworld postgres postgresql mysql mariadb mongo mongodb redis rabbitmq minio minioadmin " +
    "elastic kibana grafana keycloak airflow superset sa oracle demo local localhost dev development staging production prod app master mypass mypassword " +
    "mysecret rootpassword rootpass dbpassword dbpass userpass userpassword adminpassword adminpass testpassword testpass pguser postgrespassword passwordpassword " +
    "qwerty qwertyuiop asdf asdfgh zxcvbn monkey dragon iloveyou sunshine princess football baseball shadow superman batman trustno abc abcd abcdef " +
    "vagrant raspberry ubuntu docker toor alpine calvin public private insecure unsafe nopassword nopass noauth anonymous keyboardcat keyboard cat bearer basic"
  ).split(" "),
);

const standard: ReadonlySet<string> = new Set(
  "postgres postgresql mysql mariadb mongo mongodb redis rabbitmq minio minioadmin elastic kibana grafana keycloak airflow superset sa oracle root admin guest toor vagrant ubuntu".split(
    " ",
  ),
);

const manuals: ReadonlySet<string> = new Set([
  "AKIAIOSFODNN7EXAMPLE",
  "AKIAI44QH8DHBEXAMPLE",
  "ASIAIOSFODNN7EXAMPLE",
  // In two halves, as the others that would look like a leak in this file.
  `wJalrXUtnFEMI/K7MDENG/${"bPxRfiCYEXAMPLEKEY"}`,
  `je7MtGbClwBF/2Zp9Utk/${"h3yCo8nvbEXAMPLEKEY"}`,
  // Azurite, the storage emulator.
  `Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/${"K1SZFPTOtr/KBHBeksoGMGw=="}`,
  // The Cosmos DB emulator.
  `C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/${"Jw=="}`,
  `sk_test_${"4eC39HqLyjWDarjtT1zdp7dc"}`,
  `sk_test_${"BQokikJOvBiI2HlWgH4olfQ2"}`,
  `sk_test_${"26PHem9AhJZvU623DfE1x4sd"}`,
]);
