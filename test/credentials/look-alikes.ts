import { base64, digits, drawn, hex, letters, lower, upper, uuid, webToken } from "./drawn.js";

/** A file with nothing secret in it, though it looks so. */
export interface LookAlike {
  readonly file: string;
  readonly text: string;
}

const mixed = `${letters}-_`;
const picture = drawn("picture", 400, `${letters}+/`);
const certificate = drawn("certificate", 200, `${letters}+/`).replaceAll(/.{64}/g, "$&\n");
const emulator = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq";

const rows: readonly (readonly [file: string, text: string])[] = [
  [
    ".env.example",
    "DB_PASSWORD=changeme\nAPI_TOKEN=your-token-here\nSECRET_KEY=<generate one>\nSTRIPE_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx\n",
  ],
  [
    ".env.sample",
    `OPENAI_API_KEY=sk-your-openai-key\nGITHUB_TOKEN=ghp_${"x".repeat(36)}\nNPM_TOKEN=npm_${"0".repeat(36)}\n`,
  ],
  [
    ".env",
    "API_TOKEN=${VAULT_API_TOKEN}\nDB_PASSWORD=$(pass show shop/db)\nSESSION_SECRET=\nFEATURE_TOKEN_LOGIN=true\n",
  ],
  [
    "docs/aws.md",
    `Set AWS_ACCESS_KEY_ID=AKIAIOSFODNN7${"EXAMPLE"} and aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${"EXAMPLEKEY"}\n`,
  ],
  ["docs/payments.md", `Use the test key \`sk_test_${drawn("doc", 24)}\`, never a live one.\n`],
  [
    "compose.yaml",
    "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: postgres\n      POSTGRES_PASSWORD: postgres\n      DATABASE_URL: postgres://postgres:postgres@localhost:5432/app\n",
  ],
  [
    "src/database.ts",
    'const url = process.env.DATABASE_URL ?? "postgresql://user:password@localhost:5432/db";\n',
  ],
  [
    "src/auth.ts",
    'const token = getToken();\nconst secret = process.env.JWT_SECRET;\nconst password = config.get("auth.password");\nlet apiKey: string;\nconst accessToken = `${prefix}.${value}`;\n',
  ],
  [
    "src/types.ts",
    'interface Login { password: string; token: string | undefined; apiKey?: string }\ntype TokenKind = "access_token" | "refresh_token";\nexport const AUTH_TOKEN_KEY = "auth_token_storage_key";\n',
  ],
  [
    "src/models.py",
    "class User(BaseModel):\n    password: str\n    api_key: Optional[str] = None\n    token: SecretStr = Field(..., description='the token')\n\npassword = getpass.getpass('Password: ')\n",
  ],
  [
    "src/login.go",
    'type Config struct {\n\tPassword string `json:"password"`\n\tAPIKey   string `yaml:"api_key,omitempty"`\n}\nvar token = os.Getenv("API_TOKEN")\n',
  ],
  [
    "src/locales/en.json",
    '{"password": "Password", "token": "Access token", "resetPassword": "Reset your password", "apiKey": "API-Key"}\n',
  ],
  [
    "src/locales/de.json",
    '{"password": "Passwort", "newPassword": "Einmal-Passwort", "secretKey": "Geheimschlüssel"}\n',
  ],
  [
    "src/i18n.ts",
    'export const texts = { passwordLabel: "Password:", tokenHint: "Paste-your-token", secret: "auth.errors.secret_expired" };\n',
  ],
  [
    "package-lock.json",
    `{"packages": {"node_modules/a": {"integrity": "sha512-${drawn("sri", 86, `${letters}+/`)}==", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"}}}`,
  ],
  [
    "pnpm-lock.yaml",
    `  /secret-token@1.0.0:\n    resolution: {integrity: sha512-${drawn("sri2", 86, `${letters}+/`)}==}\n`,
  ],
  [
    "index.html",
    `<script src="https://cdn.acme.io/a.js" integrity="sha384-${drawn("sri3", 64, `${letters}+/`)}"></script>\n<input name="password" type="password" placeholder="Password"><input type="hidden" name="csrf_token" value="${drawn("csrf", 40)}">\n`,
  ],
  ["keys/deploy.pub", `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${drawn("pub", 43)} me@acme.io\n`],
  ["keys/authorized_keys", `ssh-rsa AAAAB3NzaC1yc2E${drawn("rsa", 340, `${letters}+/`)} me@acme.io\n`],
  ["certs/site.pem", `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`],
  ["certs/public.pem", `-----BEGIN PUBLIC KEY-----\n${certificate}\n-----END PUBLIC KEY-----\n`],
  [
    "docs/keys.md",
    "The file begins with `-----BEGIN PRIVATE KEY-----` and ends with `-----END PRIVATE KEY-----`.\n",
  ],
  [
    "certs/placeholder.yaml",
    "tls_key: |\n  -----BEGIN PRIVATE KEY-----\n  ...\n  -----END PRIVATE KEY-----\n",
  ],
  [
    "web/.env.local",
    `NEXT_PUBLIC_SUPABASE_ANON_KEY=${webToken({ iss: "supabase", ref: drawn("ref", 20, lower), role: "anon", exp: 4_000_000_000 })}\nNEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY=sb_publishable_${drawn("sbpub", 30)}\n`,
  ],
  [
    "supabase/local.env",
    `SERVICE_ROLE_KEY=${webToken({ iss: "supabase-demo", role: "service_role", exp: 1_983_812_996 })}\n`,
  ],
  ["web/checkout.tsx", `const stripe = loadStripe("pk_live_${drawn("pk", 24)}");\n`],
  [
    "web/firebase.ts",
    `export const app = initializeApp({\n  apiKey: "AIza${drawn("fb", 35, mixed)}",\n  authDomain: "shop.firebaseapp.com",\n});\n`,
  ],
  ["web/search.js", `docsearch({ apiKey: "${hex("algolia", 32)}", indexName: "docs" });\n`],
  ["src/commit.ts", `export const commit = "${hex("sha", 40)}";\nexport const buildToken = "v1.24.3";\n`],
  ["checksums.txt", `${hex("sum", 64)}  token-service.tar.gz\n`],
  [
    "flake.nix",
    `fetchurl { url = "https://a.acme.io/x"; sha256 = "${drawn("nix", 52, lower + digits)}"; }\n`,
  ],
  [
    "src/ids.ts",
    `export const clientId = "${uuid("cid")}";\nexport const tenantId = "${uuid("tid")}";\nconst keyId = "${uuid("kid")}";\n`,
  ],
  [
    "data/users.sql",
    `INSERT INTO users VALUES (1, 'me', '$2b$12$${drawn("bcrypt", 53, `${letters}./`)}');\n`,
  ],
  [
    "config/users.yml",
    `users:\n  me:\n    password: "$argon2id$v=19$m=65536,t=3,p=4$${drawn("argon", 22)}$${drawn("argon2", 43)}"\n    password_hash: ${hex("hash", 64)}\n`,
  ],
  [
    "web/fonts.css",
    `@font-face { src: url(data:font/woff2;base64,${picture}) }\n.sk-circle-fade-dot-bounce { color: #3f51b5 }\n`,
  ],
  ["web/logo.ts", `export const token = "data:image/png;base64,${picture}";\n`],
  ["web/styles.module.css.d.ts", "export const sk_spinner_wave_container_large: string;\n"],
  [
    "secrets/prod.yaml",
    `db_password: ENC[AES256_GCM,data:${drawn("sops", 24)},iv:${drawn("iv", 44)},tag:${drawn("tag", 24)},type:str]\nsops:\n    age:\n        - recipient: age1${drawn("ager", 58, lower + digits)}\n`,
  ],
  ["group_vars/all/vault.yml", `$ANSIBLE_VAULT;1.1;AES256\n${hex("vault", 80)}\n${hex("vault2", 80)}\n`],
  [
    "group_vars/all/vars.yml",
    'db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\napi_token: "{{ vault_api_token }}"\n',
  ],
  [
    "k8s/sealed.yaml",
    `kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB${drawn("sealed", 300, `${letters}+/`)}\n`,
  ],
  [
    "k8s/deployment.yaml",
    "        env:\n        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: shop-db\n              key: password\n        - name: TOKEN_URL\n          value: https://auth.acme.io/token\n",
  ],
  [
    "k8s/placeholder.yaml",
    `kind: Secret\nstringData:\n  token: REPLACE_ME\ndata:\n  password: ${base64("changeme")}\n`,
  ],
  [
    ".github/workflows/ci.yml",
    "env:\n  GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n  NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\npermissions:\n  id-token: write\n",
  ],
  [
    "infra/main.tf",
    'variable "db_password" {\n  type      = string\n  sensitive = true\n}\nresource "aws_db_instance" "shop" {\n  password = var.db_password\n  secret   = data.aws_secretsmanager_secret.shop.arn\n}\n',
  ],
  [
    "infra/refs.env",
    "DB_PASSWORD=op://prod/db/password\nAPI_TOKEN=arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf\nTLS_KEY=/run/secrets/tls_key\nJWT_SECRET_FILE=/run/secrets/jwt\n",
  ],
  [
    "openapi.yaml",
    "components:\n  schemas:\n    Login:\n      properties:\n        password:\n          type: string\n        token:\n          type: string\n          example: eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...\n  securitySchemes:\n    apiKey:\n      type: apiKey\n",
  ],
  [
    "README.md",
    '```sh\nexport GITHUB_TOKEN=<your token>\ncurl -H "Authorization: Bearer $TOKEN" https://api.acme.io\ncurl -u user:password https://api.acme.io\npsql postgres://user:pass@localhost/db\n```\n',
  ],
  [
    "docs/jwt.md",
    `A token looks like ${base64('{"alg":"HS256","typ":"JWT"}').replace(/=+$/, "")}.${base64('{"sub":"1234567890","name":"John Doe","iat":1516239022}').replace(/=+$/, "")}.${drawn("doe", 43)}\n`,
  ],
  [
    "azure/local.settings.json",
    `{"Values": {"AzureWebJobsStorage": "UseDevelopmentStorage=true", "Emulator": "AccountName=devstoreaccount1;AccountKey=${emulator}/K1SZFPTOtr/KBHBeksoGMGw==;"}}`,
  ],
  [
    "test/auth.test.ts",
    'const password = "hunter2!";\nlogin({ username: "alice", password: "secret123" });\nexpect(token).toBe("test-token-123");\nconst apiKey = "fake-api-key-1234567890";\n',
  ],
  [
    "test/fixtures/users.json",
    '[{"name": "alice", "password": "p4ssw0rd"}, {"name": "bob", "password": "Passw0rd!"}]\n',
  ],
  ["spec/login_spec.rb", "user = create(:user, password: 'password123', token: 'abc123')\n"],
  [
    "src/parser.ts",
    'const token = "identifier";\nif (token === "whitespace") next();\nconst tokenType = "numeric_literal_token_1";\nexport const SECRET_PATTERN = /secret[=:]([a-z0-9]{32})/;\n',
  ],
  [
    "src/tokenizer.py",
    "MAX_TOKENS = 4096\ntokens_per_minute: 90000\nbos_token = '<s>'\npad_token_id = 50256\nspecial_token = '<|endoftext|>'\n",
  ],
  [
    "src/Pagination.cs",
    `var nextPageToken = "${drawn("page", 40)}";\nvar continuationToken = "${drawn("cont", 40)}";\n`,
  ],
  [
    "src/headers.ts",
    'headers["Authorization"] = `Bearer ${token}`;\nconst header = "X-Api-Key";\nconst secretName = "shop-db-credentials";\n',
  ],
  [
    "config/routes.yml",
    "reset_password: /account/password/reset\ntoken_endpoint: https://auth.acme.io/oauth/token\npassword_policy: strong\nsecret_key_length: 32\n",
  ],
  [
    "config/database.yml",
    "development:\n  username: root\n  password: root\ntest:\n  password: <%= ENV['DB_PASSWORD'] %>\n",
  ],
  [
    "application.properties",
    "server.ssl.key-store-password=changeit\nspring.datasource.password=${DB_PASSWORD:postgres}\njasypt.password=ENC(abc)\n",
  ],
  [
    "web/analytics.js",
    `gtag("config", "G-${drawn("ga", 10, upper + digits)}");\nposthog.init("phc_${drawn("phc", 40)}");\nSentry.init({ dsn: "https://${hex("dsn", 32)}@o1.ingest.sentry.io/42" });\n`,
  ],
  ["web/recaptcha.vue", `<div data-sitekey="6L${drawn("site", 38)}"></div>\n`],
  [".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\nregistry=https://registry.npmjs.org/\n"],
  [".docker/config.json", '{"credsStore": "desktop", "auths": {"registry.acme.io": {}}}'],
  [".netrc.example", "machine api.acme.io\n  login YOUR_LOGIN\n  password YOUR_PASSWORD\n"],
  [
    ".kube/config",
    "apiVersion: v1\nkind: Config\nusers:\n- name: eks\n  user:\n    exec:\n      command: aws\n      args: [eks, get-token, --cluster-name, shop]\n",
  ],
  [
    "logs/app.log",
    "2024-05-01 12:00:00 INFO token refreshed for user 42\n2024-05-01 12:00:01 WARN password=*** secret=[REDACTED]\n",
  ],
  ["Makefile", "deploy:\n\t@TOKEN=$$(cat token) PASSWORD=$(PASSWORD) ./deploy.sh\n"],
  [
    "scripts/setup.sh",
    'PASSWORD="$1"\nTOKEN=${TOKEN:-$(gh auth token)}\nread -rs -p "Password: " DB_PASSWORD\nSECRET=$(openssl rand -hex 32)\ncurl -u "$USER:$PASSWORD" https://api.acme.io\n',
  ],
  [
    "src/wallet.ts",
    `const tokenAddress = "0x${hex("eth", 40)}";\nconst mintToken = "${drawn("mint", 44)}";\n`,
  ],
  [
    "k8s/refs.yaml",
    "spec:\n  passwordSecret: grafana-admin-credentials\n  tokenSecretRef:\n    key: api-token-v2\n  privateKeySecretRef: letsencrypt-prod\n",
  ],
];

export const lookAlikes: readonly LookAlike[] = rows.map(([file, text]) => ({ file, text }));
