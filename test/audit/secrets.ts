/** A made-up secret, and a command that carries it. Put together from parts, so that no scanner takes this file for a leak. */
export interface Planted {
  readonly name: string;
  readonly secret: string;
  readonly line: string;
}

const filler = "Zq7Rk2Vn9Xb4Lm6Tw8Ys3Pd5Hf1Jc0GaEuIo";
const hex = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const of = (prefix: string, length: number): string => `${prefix}${filler.repeat(4).slice(0, length)}`;

const shapes: readonly (readonly [name: string, secret: string, around: (secret: string) => string])[] = [
  [
    "authorization bearer",
    "3d2c42fb-1111-4222-8333-abcdefabcdef",
    (x) => `curl -H "Authorization: Bearer ${x}" https://api.example.com`,
  ],
  [
    "authorization basic",
    "dXNlcjpodW50ZXIyaHVudGVy",
    (x) => `curl -H 'Authorization: Basic ${x}' https://api.example.com`,
  ],
  [
    "project access token header",
    "b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b",
    (x) => `curl -H 'Project-Access-Token: ${x}' https://a.example.com`,
  ],
  ["api key header", of("", 24), (x) => `curl -H 'X-Api-Key: ${x}' https://a.example.com`],
  ["cookie", `sid=${of("", 20)}`, (x) => `curl -H 'Cookie: ${x}' https://a.example.com`],
  [
    "password in a URL",
    "hunter2-Hunter2",
    (x) => `psql postgres://app:${x}@db.example.com/shop -c 'select 1'`,
  ],
  ["PGPASSWORD", "s3cr3t-Value", (x) => `PGPASSWORD=${x} psql -h db -c 'select 1'`],
  ["variable by name", of("", 22), (x) => `export DEPLOY_TOKEN="${x}"; ./deploy.sh`],
  ["curl user", "correct-horse-battery", (x) => `curl -u admin:${x} https://a.example.com`],
  ["password flag", "Tr0ub4dor-and-3", (x) => `tool login --password ${x} --user me`],
  ["sshpass", "Tr0ub4dor-and-4", (x) => `sshpass -p ${x} ssh host true`],
  ["mysql", "Tr0ub4dor-and-5", (x) => `mysql -u root -p${x} shop`],
  ["aws key id", of("AKIA", 16).toUpperCase(), (x) => `echo ${x}`],
  ["aws secret", of("", 40), (x) => `AWS_SECRET_ACCESS_KEY=${x} aws s3 ls`],
  ["github", of("ghp_", 36), (x) => `git clone https://${x}@github.com/a/b`],
  ["github fine-grained", of("github_pat_", 50), (x) => `echo ${x} | gh auth login --with-token`],
  ["gitlab", of("glpat-", 20), (x) => `curl https://gitlab.com/api/v4/user -d ${x}`],
  ["slack", of("xoxb-", 30), (x) => `echo ${x}`],
  ["stripe", of("sk_live_", 24), (x) => `curl https://api.stripe.com/v1/charges -u ${x}:`],
  ["anthropic", of("sk-ant-", 40), (x) => `echo ${x}`],
  ["google", of("AIza", 35), (x) => `curl "https://maps.example.com/?key=${x}"`],
  ["jwt", `eyJhbGciOiJIUzI1NiJ9.${of("eyJ", 20)}.${of("", 20)}`, (x) => `curl -d ${x} https://a.example.com`],
  ["npm", of("npm_", 36), (x) => `echo "//registry/:_authToken=${x}" > .npmrc`],
  ["sendgrid", `${of("SG.", 22)}.${of("", 43)}`, (x) => `echo ${x}`],
  ["hugging face", of("hf_", 34), (x) => `echo ${x}`],
  ["digitalocean", `dop_v1_${hex}${hex}`, (x) => `doctl auth init -t ${x}`],
  ["json field", of("", 26), (x) => `curl -d '{"user":"me","password":"${x}"}' https://a.example.com`],
  ["query parameter", of("", 26), (x) => `curl 'https://a.example.com/?access_token=${x}&page=2'`],
  [
    "private key",
    of("MIIEvQIBADANBgkq", 40),
    (x) => `cat > k <<E\n-----BEGIN PRIVATE KEY-----\n${x}\n-----END PRIVATE KEY-----\nE`,
  ],
];

export const planted: readonly Planted[] = shapes.map(([name, secret, around]) => ({
  name,
  secret,
  line: around(secret),
}));
