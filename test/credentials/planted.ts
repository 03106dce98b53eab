import type { CredentialKind } from "../../src/model/credential-kind.js";
import { base64, digits, drawn, hex, letters, lower, privateKey, upper, uuid, webToken } from "./drawn.js";

/** A file with a secret in it. */
export interface Planted {
  readonly kind: CredentialKind;
  readonly file: string;
  readonly text: string;
  readonly value: string;
}

type Row = readonly [kind: CredentialKind, file: string, value: string, around: (value: string) => string];

const account = drawn("account", 20, lower);
const pem = privateKey();
const locked = privateKey("passphrase");
const service = webToken({ iss: "supabase", ref: account, role: "service_role", exp: 4_000_000_000 });
const mixed = `${letters}-_`;

/** As they lie about in workspaces and homes: in the spellings of the tools that read them. */
const rows: readonly Row[] = [
  ["railway", "infra/domains/.env", uuid("rail"), (x) => `# domains\nPORT=3000\nRAILWAY_TOKEN=${x}\n`],
  [
    "railway",
    "scripts/volumes.sh",
    uuid("rail2"),
    (x) => `curl -s https://backboard.railway.com/graphql/v2 -H "Authorization: Bearer ${x}" -d '{}'\n`,
  ],
  ["railway", ".railway/config.json", uuid("rail3"), (x) => `{"projects":{},"user":{"token":"${x}"}}`],
  [
    "aws-key-id",
    ".aws/credentials",
    `AKIA${drawn("aws", 16, `${upper}234567`)}`,
    (x) => `[default]\naws_access_key_id = ${x}\n`,
  ],
  [
    "aws-secret",
    "deploy/aws.ini",
    drawn("awss", 40, `${letters}/+`),
    (x) => `[prod]\naws_secret_access_key = ${x}\nregion = eu-west-1\n`,
  ],
  [
    "aws-secret",
    "src/s3.py",
    drawn("awss2", 40, `${letters}/+`),
    (x) => `client = boto3.client("s3", aws_secret_access_key="${x}")\n`,
  ],
  [
    "aws-session",
    "tmp/session.env",
    `IQoJb3JpZ2lu${drawn("awst", 300)}==`,
    (x) => `export AWS_SESSION_TOKEN="${x}"\n`,
  ],
  ["github-classic", ".github/local.yml", `ghp_${drawn("gh", 36)}`, (x) => `token: ${x}\n`],
  [
    "github-classic",
    ".git/config",
    `ghp_${drawn("gh2", 36)}`,
    (x) => `[remote "origin"]\n\turl = https://${x}@github.com/acme/shop.git\n`,
  ],
  [
    "github-fine-grained",
    "ops/release.js",
    `github_pat_${drawn("ghf", 22)}_${drawn("ghf2", 59)}`,
    (x) => `const octokit = new Octokit({ auth: "${x}" });\n`,
  ],
  [
    "github-oauth",
    ".config/gh/hosts.yml",
    `gho_${drawn("gho", 36)}`,
    (x) => `github.com:\n    user: me\n    oauth_token: ${x}\n`,
  ],
  ["github-app", "notes/ci.txt", `ghs_${drawn("ghs", 36)}`, (x) => `installation token of yesterday ${x}\n`],
  [
    "gitlab",
    "ci/mirror.sh",
    `glpat-${drawn("gl", 20)}`,
    (x) => `git push https://oauth2:${x}@gitlab.com/acme/shop.git\n`,
  ],
  ["supabase-service", "apps/api/.env.local", service, (x) => `SUPABASE_SERVICE_ROLE_KEY=${x}\n`],
  [
    "supabase-access",
    "supabase/deploy.sh",
    `sbp_${hex("sbp", 40)}`,
    (x) => `SUPABASE_ACCESS_TOKEN=${x} supabase db push\n`,
  ],
  ["fly", "fly.env", `FlyV1 fm2_${drawn("fly", 120, `${letters}+/`)}`, (x) => `FLY_API_TOKEN="${x}"\n`],
  [
    "neon",
    "db/branch.ts",
    `napi_${drawn("neon", 64, lower + digits)}`,
    (x) => `const neon = createApiClient({ apiKey: "${x}" });\n`,
  ],
  ["vercel", "web/deploy.yaml", drawn("vercel", 24), (x) => `env:\n  VERCEL_TOKEN: ${x}\n`],
  ["netlify", "web/netlify.env", `nfp_${drawn("nfp", 36)}`, (x) => `NETLIFY_AUTH_TOKEN=${x}\n`],
  ["render", "web/render.toml", `rnd_${drawn("rnd", 28)}`, (x) => `[render]\nkey = "${x}"\n`],
  ["heroku", "legacy/.env", uuid("heroku"), (x) => `HEROKU_API_KEY=${x}\n`],
  [
    "digitalocean",
    "terraform.tfvars",
    `dop_v1_${hex("do", 64)}`,
    (x) => `do_token = "${x}"\nregion   = "fra1"\n`,
  ],
  ["cloudflare", "dns/.env.production", drawn("cf", 40, mixed), (x) => `CLOUDFLARE_API_TOKEN=${x}\n`],
  [
    "gcp-service-account",
    "keys/shop-prod.json",
    pem,
    (x) =>
      JSON.stringify(
        {
          type: "service_account",
          private_key_id: hex("id", 40),
          private_key: `${x}\n`,
          client_email: "deploy@shop.iam.gserviceaccount.com",
        },
        undefined,
        2,
      ),
  ],
  ["gcp-api-key", "server/maps.go", `AIza${drawn("gcp", 35, mixed)}`, (x) => `const mapsKey = "${x}"\n`],
  [
    "azure-storage",
    "appsettings.json",
    `${drawn("az", 86, `${letters}+/`)}==`,
    (x) =>
      `{"Storage": "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${x};EndpointSuffix=core.windows.net"}`,
  ],
  [
    "azure-client-secret",
    "azure/.env",
    `${drawn("azc", 3)}8Q~${drawn("azd", 34)}`,
    (x) => `AZURE_CLIENT_ID=${uuid("client")}\nAZURE_CLIENT_SECRET=${x}\n`,
  ],
  [
    "slack",
    "bots/config.yaml",
    `xoxb-${drawn("s1", 12, "123456789")}-${drawn("s2", 13, "123456789")}-${drawn("slack", 24)}`,
    (x) => `slack:\n  bot_token: "${x}"\n`,
  ],
  [
    "slack-webhook",
    "alerts/notify.py",
    `https://hooks.slack.com/services/T${drawn("t", 10, upper + digits)}/B${drawn("b", 10, upper + digits)}/${drawn("hook", 24)}`,
    (x) => `requests.post("${x}", json={"text": "down"})\n`,
  ],
  [
    "discord-webhook",
    "alerts/discord.rb",
    `https://discord.com/api/webhooks/${drawn("dw", 18, "123456789")}/${drawn("dwh", 68, mixed)}`,
    (x) => `HOOK = '${x}'\n`,
  ],
  [
    "telegram",
    "bots/telegram.env",
    `7${drawn("tg", 9, digits)}:AA${drawn("tgb", 33, mixed)}`,
    (x) => `BOT_TOKEN=${x}\n`,
  ],
  [
    "stripe",
    "billing/charge.php",
    `sk_live_${drawn("stripe", 24)}`,
    (x) => `<?php \\Stripe\\Stripe::setApiKey('${x}');\n`,
  ],
  ["stripe-test", "billing/.env", `sk_test_${drawn("stripet", 24)}`, (x) => `STRIPE_SECRET_KEY=${x}\n`],
  [
    "twilio",
    "sms/config.js",
    hex("twilio", 32),
    (x) => `module.exports = { accountSid: "AC${hex("sid", 32)}", twilioAuthToken: "${x}" };\n`,
  ],
  [
    "sendgrid",
    "mail/settings.py",
    `SG.${drawn("sg", 22, mixed)}.${drawn("sg2", 43, mixed)}`,
    (x) => `EMAIL_HOST_PASSWORD = "${x}"\n`,
  ],
  ["mailgun", "mail/mailgun.yml", `key-${hex("mg", 32)}`, (x) => `api: ${x}\n`],
  [
    "openai",
    "ml/.env",
    `sk-proj-${drawn("oai", 48, mixed)}T3BlbkFJ${drawn("oai2", 48, mixed)}`,
    (x) => `OPENAI_API_KEY=${x}\n`,
  ],
  [
    "anthropic",
    "ml/agent.ipynb",
    `sk-ant-api03-${drawn("ant", 93, mixed)}AA`,
    (x) => JSON.stringify({ cells: [{ source: [`os.environ["ANTHROPIC_API_KEY"] = "${x}"\n`] }] }),
  ],
  ["huggingface", "ml/train.sh", `hf_${drawn("hf", 34)}`, (x) => `huggingface-cli login --token ${x}\n`],
  ["npm", ".npmrc", `npm_${drawn("npm", 36)}`, (x) => `//registry.npmjs.org/:_authToken=${x}\n`],
  ["npm", "packages/ui/.npmrc", uuid("npmold"), (x) => `//npm.acme.io/:_authToken=${x}\nalways-auth=true\n`],
  [
    "pypi",
    ".pypirc",
    `pypi-AgEIcHlwaS5vcmc${drawn("pypi", 140, mixed)}`,
    (x) => `[pypi]\nusername = __token__\npassword = ${x}\n`,
  ],
  [
    "docker-registry",
    ".docker/config.json",
    drawn("dockerp", 20),
    (x) => `{"auths": {"registry.acme.io": {"auth": "${base64(`deploy:${x}`)}"}}}`,
  ],
  [
    "kubernetes",
    ".kube/config",
    drawn("kube", 60),
    (x) =>
      `apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://k8s.acme.io:6443\n  name: prod\nusers:\n- name: admin\n  user:\n    token: ${x}\n`,
  ],
  [
    "netrc",
    ".netrc",
    drawn("netrc", 18),
    (x) => `machine api.acme.io\n  login me@acme.io\n  password ${x}\n`,
  ],
  [
    "postgres",
    ".pgpass",
    "gr:an\\ite9",
    (x) => `db.acme.io:5432:shop:app:${x.replaceAll(/[\\:]/g, "\\$&")}\n`,
  ],
  [
    "postgres",
    "api/.env",
    "p@ss/W0rd!x",
    (x) => `DATABASE_URL=postgresql://app:${encodeURIComponent(x)}@db.acme.io:5432/shop?sslmode=require\n`,
  ],
  [
    "mysql",
    "compose.yaml",
    drawn("mysql", 14),
    (x) => `services:\n  api:\n    environment:\n      - DATABASE_URL=mysql://root:${x}@mysql:3306/shop\n`,
  ],
  [
    "mongodb",
    "src/db.ts",
    drawn("mongo", 16),
    (x) => `mongoose.connect("mongodb+srv://shop:${x}@cluster0.ab1cd.mongodb.net/shop");\n`,
  ],
  [
    "redis",
    "worker/settings.toml",
    drawn("redis", 32),
    (x) => `broker = "redis://:${x}@cache.acme.io:6379/0"\n`,
  ],
  ["amqp", "worker/app.rb", drawn("amqp", 20), (x) => `Bunny.new("amqps://shop:${x}@rabbit.acme.io/shop")\n`],
  [
    "database",
    "legacy/web.config",
    "Tr4vel!Sun9",
    (x) =>
      `<add name="Shop" connectionString="Server=sql.acme.io;Database=Shop;User Id=shop;Password=${x};" />\n`,
  ],
  [
    "database",
    "blog/wp-config.php",
    "kX9#mQ2$vL7p",
    (x) => `define( 'DB_NAME', 'blog' );\ndefine( 'DB_PASSWORD', '${x}' );\n`,
  ],
  [
    "database",
    "src/main/resources/application.properties",
    "Wr3nch-Boat",
    (x) => `spring.datasource.username=shop\nspring.datasource.password=${x}\n`,
  ],
  ["basic-auth", ".git-credentials", drawn("gitc", 20), (x) => `https://me:${x}@git.acme.io\n`],
  [
    "basic-auth",
    "scripts/export.sh",
    "Gr4nite-Lake7",
    (x) => `curl -fsS -u exporter:${x} https://metrics.acme.io/export\n`,
  ],
  ["private-key", "deploy/id_deploy", pem, (x) => `${x}\n`],
  ["private-key", "ansible/vars.yml", pem, (x) => `deploy_key: |\n${x.replaceAll(/^/gm, "  ")}\n`],
  ["encrypted-key", "keys/root.pem", locked, (x) => `${x}\n`],
  [
    "aws-key-id",
    "downloads/accessKeys.csv",
    `AKIA${drawn("csv", 16, `${upper}234567`)}`,
    (x) => `Access key ID,Secret access key\n${x},\n`,
  ],
  [
    "age",
    "keys/age.txt",
    `AGE-SECRET-KEY-1${drawn("age", 58, upper + digits)}`,
    (x) => `# created: 2024-01-01\n${x}\n`,
  ],
  ["vault", ".vault-token", `hvs.${drawn("hvs", 90)}`, (x) => `${x}\n`],
  [
    "terraform-cloud",
    ".terraform.d/credentials.tfrc.json",
    `${drawn("tf", 14)}.atlasv1.${drawn("tf2", 67)}`,
    (x) => `{"credentials": {"app.terraform.io": {"token": "${x}"}}}`,
  ],
  ["datadog", "helm/values.yaml", hex("dd", 32), (x) => `datadog:\n  datadogApiKey: ${x}\n`],
  [
    "sentry",
    "web/.sentryclirc",
    `sntrys_${drawn("sentry", 120, `${letters}_`)}`,
    (x) => `[auth]\ntoken=${x}\n`,
  ],
  ["doppler", "web/.doppler.env", `dp.st.prod.${drawn("dp", 43)}`, (x) => `DOPPLER_TOKEN=${x}\n`],
  ["databricks", "etl/job.scala", `dapi${hex("dapi", 32)}`, (x) => `val token = "${x}"\n`],
  [
    "linear",
    "tools/issues.mjs",
    `lin_api_${drawn("lin", 40)}`,
    (x) => `const linear = new LinearClient({ apiKey: '${x}' })\n`,
  ],
  ["shopify", "shop/theme.env", `shpat_${hex("shp", 32)}`, (x) => `SHOPIFY_PASSWORD=${x}\n`],
  ["planetscale", "db/ps.env", `pscale_pw_${drawn("ps", 43, mixed)}`, (x) => `DATABASE_PASSWORD=${x}\n`],
  [
    "jwt",
    "admin/session.json",
    webToken({ iss: "https://auth.acme.io", sub: "42", exp: 4_000_000_000 }),
    (x) => `{"access_token": "${x}", "token_type": "bearer"}`,
  ],
  ["generic", "src/Client.java", drawn("java", 32), (x) => `private static final String API_KEY = "${x}";\n`],
  [
    "generic",
    "k8s/secret.yaml",
    "Fl0wer-Tram",
    (x) => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  admin-password: ${base64(x)}\n`,
  ],
  [
    "generic",
    "k8s/deployment.yaml",
    drawn("k8s", 24),
    (x) => `        env:\n        - name: SESSION_SECRET\n          value: "${x}"\n`,
  ],
  [
    "generic",
    ".m2/settings.xml",
    "B1rch&Stone",
    (x) =>
      `<server><id>acme</id><username>ci</username><password>${x.replace("&", "&amp;")}</password></server>\n`,
  ],
  [
    "generic",
    "rails/config/database.yml",
    "Qu4rry-Moss!",
    (x) => `production:\n  adapter: postgresql\n  username: shop\n  password: ${x}\n`,
  ],
  [
    "generic",
    "web/src/config.ts",
    drawn("ts", 40),
    (x) => `export const settings = {\n  clientSecret: "${x}",\n};\n`,
  ],
  ["generic", "notes.md", drawn("md", 32), (x) => `## Deploying\n\n    export DEPLOY_TOKEN=${x}\n`],
  ["generic", "test/e2e/login.spec.ts", drawn("spec", 32), (x) => `const apiToken = "${x}";\n`],
  [
    "generic",
    ".env.example",
    drawn("leftover", 40),
    (x) => `# was it meant to be here?\nPAYMENTS_SECRET=${x}\n`,
  ],
  ["generic", "mail/.env", "wqzj kfbt xvmd plhc", (x) => `SMTP_PASSWORD="${x}"\n`],
];

export const planted: readonly Planted[] = rows.map(([kind, file, value, around]) => ({
  kind,
  file,
  value,
  text: around(value),
}));
