import { expect, test } from "vitest";
import { callCredentials } from "./credentials-judge.js";

const secret = "s3cr3t-0123456789abcdef";
const encoded = (text: string) => Buffer.from(text).toString("base64");
const home = "/home/me";

const place = {
  files: {
    [`${home}/.config/gh/hosts.yml`]: `github.com:\n    user: me\n    oauth_token: ${secret}\n    git_protocol: https\n`,
    [`${home}/.config/glab-cli/config.yml`]: `hosts:\n  gitlab.com:\n    token: ${secret}\n`,
    [`${home}/.aws/credentials`]: `[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = ${secret}\n[staging]\naws_access_key_id = AKIASTAGING\naws_secret_access_key = staging-secret\n`,
    [`${home}/.aws/config`]: `[profile sso]\nsso_account_id = 123456789012\n[profile role]\nsource_profile = staging\nrole_arn = arn:aws:iam::123456789012:role/x\n`,
    [`${home}/.kube/config`]: `current-context: prod\ncontexts:\n- name: prod\n  context: {cluster: c, user: admin}\n- name: staging\n  context: {cluster: s, user: dev}\n- name: eks\n  context: {cluster: e, user: eks}\nusers:\n- name: admin\n  user:\n    token: ${secret}\n- name: dev\n  user:\n    client-key-data: ${encoded("-----BEGIN KEY-----\nx\n")}\n- name: eks\n  user:\n    exec: {command: aws}\n`,
    [`${home}/.docker/config.json`]: JSON.stringify({
      auths: {
        "ghcr.io": { auth: encoded(`me:${secret}`) },
        "https://index.docker.io/v1/": { auth: encoded("me:hub-password") },
      },
      credHelpers: { "eu.gcr.io": "gcloud" },
    }),
    [`${home}/.npmrc`]: `//registry.npmjs.org/:_authToken=\${NPM_CI}\n`,
    "/w/.npmrc": `save-exact=true\n`,
    [`${home}/.cargo/credentials.toml`]: `[registry]\ntoken = "${secret}"\n`,
    [`${home}/.pypirc`]: `[distutils]\nindex-servers = pypi\n[pypi]\nusername = __token__\npassword = ${secret}\n`,
    [`${home}/.config/doctl/config.yaml`]: `access-token: ${secret}\ncontext: default\n`,
    [`${home}/.fly/config.yml`]: `access_token: ${secret}\n`,
    [`${home}/.local/share/com.vercel.cli/auth.json`]: JSON.stringify({ token: secret }),
    [`${home}/.config/netlify/config.json`]: JSON.stringify({ users: { a: { auth: { token: secret } } } }),
    [`${home}/.supabase/access-token`]: `${secret}\n`,
    [`${home}/.config/neonctl/credentials.json`]: JSON.stringify({ access_token: secret }),
    [`${home}/.netrc`]: `machine api.heroku.com\n  login me\n  password ${secret}\nmachine example.com login me password netrc-password\n`,
    [`${home}/.config/.wrangler/config/default.toml`]: `oauth_token = "${secret}"\n`,
    [`${home}/.config/stripe/config.toml`]: `[default]\ntest_mode_api_key = "${secret}"\n`,
    [`${home}/.config/gcloud/credentials.db`]: "binary",
    "/w/account.json": JSON.stringify({ type: "service_account", private_key: secret }),
    [`${home}/.pgpass`]: `db.example.com:5432:*:app:p\\:w\n`,
    [`${home}/.my.cnf`]: `[client]\npassword=${secret}\n`,
    [`${home}/.git-credentials`]: `https://me:${secret}@github.com\n`,
    [`${home}/.railway/config.json`]: JSON.stringify({ user: { token: secret } }),
    "/w/deploy.key": "KEY TEXT\n",
    "/w/headers.txt": `X-Api-Key: ${secret}\n`,
    "/w/curl.conf": `user = "me:${secret}"\n`,
    "/w/cookies.txt": `.example.com\tTRUE\t/\tTRUE\t0\tsession\t${secret}\nother.net\tTRUE\t/\tTRUE\t0\tsession\tno\n`,
  },
};

const url = "https://example.com/x";

/** A call with its true words → what it presents: name, where it was found, value; `+` goes along with the one before. */
const calls: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>?])[] = [
  [`curl -X DELETE -H Authorization:${"\u00a0"}x ${url}`, ["authorization literal = x"]],
  [`curl -H Authorization:_Bearer_${secret} ${url}`, [`authorization literal = ${secret}`]],
  [`curl -H Authorization:_token_${secret} ${url}`, [`authorization literal = ${secret}`]],
  [`curl -H Authorization:_Basic_${encoded(`me:${secret}`)} ${url}`, [`authorization literal = ${secret}`]],
  [`curl -H Authorization:_Basic_${encoded(`${secret}:`)} ${url}`, [`authorization literal = ${secret}`]],
  [
    `curl -H Authorization:_Basic_${encoded(`x-access-token:${secret}`)} ${url}`,
    [`authorization literal = ${secret}`],
  ],
  [`curl -H X-Api-Key:_${secret} ${url}`, [`x-api-key literal = ${secret}`]],
  [`curl -H Cookie:_theme=dark;_session=${secret} ${url}`, [`cookie literal = ${secret}`]],
  [
    `curl -H Authorization:_AWS4-HMAC-SHA256_Credential=AKIAX/2026/eu/s3/aws4_request ${url}`,
    ["authorization literal = AKIAX"],
  ],
  [`curl -u me:${secret} ${url}`, [`user me literal = ${secret}`]],
  [`curl -u sk_live_0123456789abcdef: ${url}`, ["user sk_live_… literal = sk_live_0123456789abcdef"]],
  [`curl --oauth2-bearer ${secret} ${url}`, [`bearer token literal = ${secret}`]],
  [`curl -H @headers.txt ${url}`, [`x-api-key file:/w/headers.txt = ${secret}`]],
  [`curl -K curl.conf ${url}`, [`user me literal = ${secret}`]],
  [`curl -b cookies.txt ${url}`, [`cookie file:/w/cookies.txt = ${secret}`]],
  [`curl -n ${url}`, ["netrc example.com file:/home/me/.netrc = netrc-password"]],
  [`curl --key deploy.key ${url}`, ["client certificate file:/w/deploy.key = KEY TEXT"]],
  [`curl https://me:p%40ss@example.com/x`, ["user me literal = p@ss"]],
  [`curl ${url}?access_token=${secret}`, [`access_token literal = ${secret}`]],
  [`curl ${url}?key=name`, []],
  [`curl --json {"api_key":"${secret}","name":"x"} ${url}`, [`api_key literal = ${secret}`]],
  [`curl -d client_secret=${secret}&grant_type=x ${url}`, [`client_secret literal = ${secret}`]],
  [`curl ${url}`, []],
  [`wget --header=X-Api-Key:${secret} ${url}`, [`x-api-key literal = ${secret}`]],
  [`wget --http-password=${secret} --http-user=me ${url}`, [`password literal = ${secret}`]],
  [`wget ${url}`, ["netrc example.com file:/home/me/.netrc = netrc-password"]],
  [`http -a me:${secret} DELETE example.com`, [`user me literal = ${secret}`]],
  [`xh -A bearer -a ${secret} DELETE example.com`, [`token literal = ${secret}`]],
  ["gh repo delete me/x --yes", [`oauth_token config:~/.config/gh/hosts.yml = ${secret}`]],
  ["gh repo delete me/x --yes", ["GH_TOKEN env:GH_TOKEN = other"], { GH_TOKEN: "other" }],
  ["gh api -X DELETE repos/me/x", [`oauth_token config:~/.config/gh/hosts.yml = ${secret}`]],
  ["glab repo delete me/x", [`token config:~/.config/glab-cli/config.yml = ${secret}`]],
  ["aws s3 rb s3://b", [`default profile:default = ${secret}`, "+ default profile:default = AKIADEFAULT"]],
  [
    "aws s3 rb s3://b --profile role",
    ["role profile:role = staging-secret", "+ role profile:role = AKIASTAGING"],
  ],
  ["aws s3 rb s3://b --profile sso", ["sso profile:sso = …"]],
  [
    "aws s3 rb s3://b",
    [
      "AWS_ACCESS_KEY_ID env:AWS_ACCESS_KEY_ID = AKIAENV",
      "+ AWS_SECRET_ACCESS_KEY env:AWS_SECRET_ACCESS_KEY = env-secret",
    ],
    { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "env-secret" },
  ],
  ["kubectl delete pod x", [`kubernetes user admin config:~/.kube/config = ${secret}`]],
  [
    "kubectl --context staging delete pod x",
    ["kubernetes user dev config:~/.kube/config = -----BEGIN KEY-----\nx"],
  ],
  ["kubectl --context eks delete pod x", ["kubernetes user eks by aws config:~/.kube/config = …"]],
  ["kubectl --token abc delete pod x", ["token literal = abc"]],
  ["helm uninstall x", [`kubernetes user admin config:~/.kube/config = ${secret}`]],
  ["docker push ghcr.io/me/x:1", [`login ghcr.io config:~/.docker/config.json = ${secret}`]],
  ["docker push me/x:1", ["login https://index.docker.io/v1/ config:~/.docker/config.json = hub-password"]],
  ["docker push eu.gcr.io/me/x:1", ["docker-credential-gcloud config:~/.docker/config.json = …"]],
  ["npm publish", ["NPM_CI env:NPM_CI = ci-token"], { NPM_CI: "ci-token" }],
  ["cargo publish", [`token config:~/.cargo/credentials.toml = ${secret}`]],
  ["cargo publish --token abc", ["token literal = abc"]],
  ["twine upload dist/x", [`password config:~/.pypirc = ${secret}`]],
  [
    "terraform destroy -auto-approve",
    [`TF_TOKEN_app_terraform_io env:TF_TOKEN_app_terraform_io = ${secret}`],
    { TF_TOKEN_app_terraform_io: secret },
  ],
  ["gcloud projects delete x", ["credentials.db config:~/.config/gcloud/credentials.db = …"]],
  [
    "gcloud projects delete x",
    [`private_key config:/w/account.json = ${secret}`],
    { GOOGLE_APPLICATION_CREDENTIALS: "/w/account.json" },
  ],
  ["doctl compute droplet delete x", [`access-token config:~/.config/doctl/config.yaml = ${secret}`]],
  ["flyctl apps destroy x", [`access_token config:~/.fly/config.yml = ${secret}`]],
  ["fly apps destroy x -t abc", ["token literal = abc"]],
  ["vercel remove x", [`token config:~/.local/share/com.vercel.cli/auth.json = ${secret}`]],
  ["netlify sites:delete x", [`token config:~/.config/netlify/config.json = ${secret}`]],
  ["supabase projects delete x", [`token config:~/.supabase/access-token = ${secret}`]],
  ["neonctl projects delete x", [`access_token config:~/.config/neonctl/credentials.json = ${secret}`]],
  ["heroku apps:destroy x", [`netrc api.heroku.com config:~/.netrc = ${secret}`]],
  ["railway volume delete", [`railway login config:~/.railway/config.json = ${secret}`]],
  ["railway volume delete", ["RAILWAY_API_TOKEN env:RAILWAY_API_TOKEN = abc"], { RAILWAY_API_TOKEN: "abc" }],
  ["wrangler delete x", [`oauth_token config:~/.config/.wrangler/config/default.toml = ${secret}`]],
  ["stripe customers delete x", [`test_mode_api_key config:~/.config/stripe/config.toml = ${secret}`]],
  ["ssh -i deploy.key web1 rm -rf /srv/x", ["ssh key file:/w/deploy.key = KEY TEXT"]],
  ["scp -i deploy.key a web1:/srv/x", ["ssh key file:/w/deploy.key = KEY TEXT"]],
  ["scp -o IdentityFile=deploy.key a web1:/srv/x", ["ssh key file:/w/deploy.key = KEY TEXT"]],
  [`git push https://me:${secret}@example.org/x.git main`, [`user me literal = ${secret}`]],
  ["git push https://github.com/me/x.git main", [`user me config:~/.git-credentials = ${secret}`]],
  [
    "git push https://git.example.org/me/x.git main",
    ["GIT_ASKPASS /opt/askpass env:GIT_ASKPASS = …"],
    { GIT_ASKPASS: "/opt/askpass" },
  ],
  ["psql -h db.example.com -U app -c delete_from_x", [".pgpass config:~/.pgpass = p:w"]],
  ["psql postgres://app:p%40ss@db.example.com/x -c delete_from_x", ["password literal = p@ss"]],
  ["psql -h db.example.com -c delete_from_x", ["PGPASSWORD env:PGPASSWORD = abc"], { PGPASSWORD: "abc" }],
  ["mysql -h db.example.com -e DROP_TABLE_x", [`password config:~/.my.cnf = ${secret}`]],
  [`mysql -h db.example.com -p${secret} -e DROP_TABLE_x`, [`password literal = ${secret}`]],
  [`redis-cli -u redis://app:p%40ss@cache.example.com flushall`, ["password literal = p@ss"]],
  [
    "redis-cli -h cache.example.com flushall",
    ["REDISCLI_AUTH env:REDISCLI_AUTH = abc"],
    { REDISCLI_AUTH: "abc" },
  ],
  ["mongosh mongodb://app:p%40ss@db.example.com/x --eval db.dropDatabase()", ["password literal = p@ss"]],
  [
    "rails db:drop",
    ["DATABASE_URL env:DATABASE_URL = p@ss"],
    { DATABASE_URL: "postgres://app:p%40ss@db.example.com/x" },
  ],
];

const rows = calls.map(([line, expected, env = {}]) => ({ line, expected, env }));

test.each(rows)("$line", ({ line, expected, env }) => {
  expect(callCredentials(line.split(" ").map(spaced), { ...place, env })).toEqual(expected);
});

/** Blanks within a word are written `_` where it is a header, a cookie or SQL. */
function spaced(word: string): string {
  if (/^(Authorization|X-Api-Key|Cookie):/.test(word))
    return word
      .replace(/:_?/, ": ")
      .replace(/(?<=: (Bearer|Basic|token|AWS4-HMAC-SHA256))_|;_/g, (sign) => sign.replace("_", " "));
  return /^(DROP|delete)_/.test(word) ? word.replaceAll("_", " ") : word;
}
