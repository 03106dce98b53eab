import { mkdtempSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import type { OnlineReach } from "../../../src/model/credential-audit.js";
import type { CredentialKind } from "../../../src/model/credential-kind.js";
import { closeAll, found, options, type Reply, type Seen, standIn } from "./stand-in.js";

afterEach(closeAll);

const hex = (length: number) => "0123456789abcdef".repeat(8).slice(0, length);

interface Case {
  readonly name: string;
  readonly kind: CredentialKind;
  readonly variable: string;
  readonly value: string;
  /** By `METHOD path`, in the order that they are asked. */
  readonly replies: Readonly<Record<string, Reply>>;
  readonly expected: OnlineReach;
  /** The header that carries it in the first request. */
  readonly header: readonly [string, string];
}

const gone: OnlineReach = { kind: "dead", words: "refused: revoked, expired or never real" };
const ghp = `ghp_${hex(36)}`;
const ghs = `ghs_${hex(36)}`;
const pat = `github_pat_${hex(60)}`;
const glpat = `glpat-${hex(20)}`;
const uuid = "3d2c42fb-1111-4222-8333-944445555666";
const unauthorized = { errors: [{ message: "Not Authorized" }], data: null };
const asBearer = (value: string): readonly [string, string] => ["authorization", `Bearer ${value}`];
const project = {
  data: { projectToken: { project: { name: "shop" }, environment: { name: "production" } } },
};

const cases: readonly Case[] = [
  {
    name: "github, a classic token",
    kind: "github-classic",
    variable: "GITHUB_API_URL",
    value: ghp,
    header: asBearer(ghp),
    replies: {
      "GET /user": {
        headers: {
          "x-oauth-scopes": "repo, workflow, admin:org",
          "github-authentication-token-expiration": "2027-01-02 03:04:05 UTC",
        },
        body: { login: "octocat", id: 1 },
      },
    },
    expected: {
      kind: "alive",
      width: "account",
      words: "repo, workflow, admin:org: every repository of octocat",
      account: "octocat",
      expires: Date.UTC(2027, 0, 2, 3, 4, 5),
    },
  },
  ...[
    ["", "read", "no scopes: what is public, read as octocat"],
    ["public_repo, gist", "workspace", "public_repo, gist: every public repository of octocat"],
    ["read:org, user:email", "read", "read:org, user:email: read as octocat"],
    ["gist", "resource", "gist: as octocat"],
  ].map(
    ([scopes = "", width, words = ""]): Case => ({
      name: `github, scopes "${scopes}"`,
      kind: "github-classic",
      variable: "GITHUB_API_URL",
      value: ghp,
      header: asBearer(ghp),
      replies: { "GET /user": { headers: { "x-oauth-scopes": scopes }, body: { login: "octocat" } } },
      expected: {
        kind: "alive",
        width: width === "workspace" || width === "resource" ? width : "read",
        words,
        account: "octocat",
      },
    }),
  ),
  {
    name: "github, a fine-grained token",
    kind: "github-classic",
    variable: "GITHUB_API_URL",
    value: pat,
    header: asBearer(pat),
    replies: {
      "GET /user": {
        headers: { "github-authentication-token-expiration": "2027-01-02 03:04:05 +0200" },
        body: { login: "octocat" },
      },
    },
    expected: {
      kind: "alive",
      width: "unknown",
      words: "the repositories of octocat that it was made for; which and what, GitHub does not tell",
      account: "octocat",
      expires: Date.UTC(2027, 0, 2, 1, 4, 5),
    },
  },
  {
    name: "github, an app's installation",
    kind: "github-classic",
    variable: "GITHUB_API_URL",
    value: ghs,
    header: asBearer(ghs),
    replies: {
      "GET /installation/repositories?per_page=1": {
        body: { total_count: 7, repositories: [{ owner: { login: "acme" } }] },
      },
    },
    expected: {
      kind: "alive",
      width: "workspace",
      words: "an app's installation: 7 repositories of acme",
      account: "acme",
    },
  },
  {
    name: "gitlab, a person's token",
    kind: "gitlab",
    variable: "CI_API_V4_URL",
    value: glpat,
    header: ["private-token", glpat],
    replies: {
      "GET /personal_access_tokens/self": {
        body: { scopes: ["api"], active: true, revoked: false, expires_at: "2027-01-02" },
      },
      "GET /user": { body: { username: "ann" } },
    },
    expected: {
      kind: "alive",
      width: "account",
      words: "api: every group and project of ann",
      account: "ann",
      expires: Date.UTC(2027, 0, 2),
    },
  },
  {
    name: "gitlab, a project's token",
    kind: "gitlab",
    variable: "CI_API_V4_URL",
    value: glpat,
    header: ["private-token", glpat],
    replies: {
      "GET /personal_access_tokens/self": { body: { scopes: ["api"], expires_at: null } },
      "GET /user": { body: { username: "project_42_bot_1" } },
    },
    expected: { kind: "alive", width: "project", words: "api: one project", account: "project_42_bot_1" },
  },
  {
    name: "gitlab, reading one's own repositories: GET /user is not asked",
    kind: "gitlab",
    variable: "CI_API_V4_URL",
    value: glpat,
    header: ["private-token", glpat],
    replies: { "GET /personal_access_tokens/self": { body: { scopes: ["read_repository"] } } },
    expected: { kind: "alive", width: "read", words: "read_repository: read as its user" },
  },
  {
    name: "gitlab, revoked",
    kind: "gitlab",
    variable: "CI_API_V4_URL",
    value: glpat,
    header: ["private-token", glpat],
    replies: { "GET /personal_access_tokens/self": { body: { scopes: ["api"], revoked: true } } },
    expected: gone,
  },
  {
    name: "npm",
    kind: "npm",
    variable: "NPM_CONFIG_REGISTRY",
    value: `npm_${hex(36)}`,
    header: asBearer(`npm_${hex(36)}`),
    replies: { "GET /-/whoami": { body: { username: "ann" } } },
    expected: {
      kind: "alive",
      width: "account",
      words: "packages of ann; whether it may publish, npm does not tell",
      account: "ann",
    },
  },
  {
    name: "huggingface",
    kind: "huggingface",
    variable: "HF_ENDPOINT",
    value: `hf_${hex(34)}`,
    header: asBearer(`hf_${hex(34)}`),
    replies: { "GET /api/whoami-v2": { body: { name: "ann", auth: { accessToken: { role: "write" } } } } },
    expected: { kind: "alive", width: "account", words: "every model and data set of ann", account: "ann" },
  },
  {
    name: "vercel",
    kind: "vercel",
    variable: "HOLDPOINT_VERCEL_URL",
    value: hex(24),
    header: asBearer(hex(24)),
    replies: { "GET /v2/user": { body: { user: { username: "ann" } } } },
    expected: {
      kind: "alive",
      width: "account",
      words: "the projects of ann, and of the teams it was made for",
      account: "ann",
    },
  },
  {
    name: "vercel, which says 403 to what it does not know",
    kind: "vercel",
    variable: "HOLDPOINT_VERCEL_URL",
    value: hex(24),
    header: asBearer(hex(24)),
    replies: {
      "GET /v2/user": { status: 403, body: { error: { code: "forbidden", invalidToken: true } } },
    },
    expected: gone,
  },
  {
    name: "netlify",
    kind: "netlify",
    variable: "HOLDPOINT_NETLIFY_URL",
    value: `nfp_${hex(36)}`,
    header: asBearer(`nfp_${hex(36)}`),
    replies: { "GET /api/v1/user": { body: { email: "ann@example.com", site_count: 3 } } },
    expected: {
      kind: "alive",
      width: "account",
      words: "every team and site of the account: 3 sites",
      account: "ann@example.com",
    },
  },
  {
    name: "render",
    kind: "render",
    variable: "HOLDPOINT_RENDER_URL",
    value: `rnd_${hex(28)}`,
    header: asBearer(`rnd_${hex(28)}`),
    replies: {
      "GET /v1/owners?limit=100": {
        body: [{ owner: { name: "Ann", email: "ann@example.com" } }, { owner: { name: "Acme" } }],
      },
    },
    expected: {
      kind: "alive",
      width: "account",
      words: "every service of 2 workspaces (Ann, Acme)",
      account: "ann@example.com",
    },
  },
  {
    name: "heroku",
    kind: "heroku",
    variable: "HOLDPOINT_HEROKU_URL",
    value: uuid,
    header: asBearer(uuid),
    replies: { "GET /account": { body: { email: "ann@example.com" } } },
    expected: {
      kind: "alive",
      width: "account",
      words: "every app of ann@example.com, and of the teams they are in",
      account: "ann@example.com",
    },
  },
  {
    name: "digitalocean",
    kind: "digitalocean",
    variable: "DIGITALOCEAN_API_URL",
    value: `dop_v1_${hex(64)}`,
    header: asBearer(`dop_v1_${hex(64)}`),
    replies: {
      "GET /v2/account": { body: { account: { email: "ann@example.com", team: { name: "Acme" } } } },
    },
    expected: {
      kind: "alive",
      width: "workspace",
      words: "what its scopes allow in team Acme; which, DigitalOcean does not tell",
      account: "ann@example.com",
    },
  },
  {
    name: "digitalocean, no right to the account",
    kind: "digitalocean",
    variable: "DIGITALOCEAN_API_URL",
    value: `dop_v1_${hex(64)}`,
    header: asBearer(`dop_v1_${hex(64)}`),
    replies: { "GET /v2/account": { status: 403, body: {} } },
    expected: {
      kind: "alive",
      width: "unknown",
      words: "scopes of its own choice, account:read not among them",
    },
  },
  {
    name: "cloudflare",
    kind: "cloudflare",
    variable: "CLOUDFLARE_API_BASE_URL",
    value: hex(40),
    header: asBearer(hex(40)),
    replies: {
      "GET /user/tokens/verify": {
        body: { success: true, result: { status: "active", expires_on: "2027-01-02T00:00:00Z" } },
      },
    },
    expected: {
      kind: "alive",
      width: "unknown",
      words: "an active token; what it may do stands in the account's dashboard alone",
      expires: Date.UTC(2027, 0, 2),
    },
  },
  {
    name: "cloudflare, which knows it as no user's: not dead for that",
    kind: "cloudflare",
    variable: "CLOUDFLARE_API_BASE_URL",
    value: hex(40),
    header: asBearer(hex(40)),
    replies: {
      "GET /user/tokens/verify": { status: 401, body: { success: false, errors: [{ code: 1000 }] } },
    },
    expected: {
      kind: "failed",
      words:
        "no user's token: revoked, never real, or one of an account, a global key or an origin's, which cannot be asked this way",
    },
  },
  {
    name: "supabase",
    kind: "supabase-access",
    variable: "HOLDPOINT_SUPABASE_URL",
    value: `sbp_${hex(40)}`,
    header: asBearer(`sbp_${hex(40)}`),
    replies: { "GET /v1/projects": { body: [{ name: "shop" }, { name: "blog" }] } },
    expected: { kind: "alive", width: "account", words: "every project of the account: shop, blog" },
  },
  {
    name: "neon, a person's key",
    kind: "neon",
    variable: "HOLDPOINT_NEON_URL",
    value: `napi_${hex(64)}`,
    header: asBearer(`napi_${hex(64)}`),
    replies: { "GET /users/me": { body: { email: "ann@example.com" } } },
    expected: {
      kind: "alive",
      width: "account",
      words: "every project of the account and its organizations",
      account: "ann@example.com",
    },
  },
  {
    name: "neon, an organization's key",
    kind: "neon",
    variable: "HOLDPOINT_NEON_URL",
    value: `napi_${hex(64)}`,
    header: asBearer(`napi_${hex(64)}`),
    replies: {
      "GET /users/me": { status: 404, body: {} },
      "GET /projects?limit=100": { body: { projects: [{ name: "shop" }, { name: "blog" }] } },
    },
    expected: { kind: "alive", width: "workspace", words: "an organization's: shop, blog" },
  },
  {
    name: "fly",
    kind: "fly",
    variable: "FLY_API_BASE_URL",
    value: `FlyV1 fm2_${hex(60)}`,
    header: ["authorization", `FlyV1 fm2_${hex(60)}`],
    replies: {
      "POST /graphql": {
        body: {
          data: { viewer: { email: "ann@example.com" }, organizations: { nodes: [{ slug: "acme" }] } },
        },
      },
    },
    expected: {
      kind: "alive",
      width: "workspace",
      words: "apps of 1 organization (acme), as far as it was narrowed down",
      account: "ann@example.com",
    },
  },
  {
    name: "slack",
    kind: "slack",
    variable: "HOLDPOINT_SLACK_URL",
    value: `xoxb-${hex(30)}`,
    header: asBearer(`xoxb-${hex(30)}`),
    replies: {
      "POST /auth.test": {
        headers: { "x-oauth-scopes": "chat:write,users:read" },
        body: { ok: true, team: "Acme", user: "deploybot" },
      },
    },
    expected: {
      kind: "alive",
      width: "workspace",
      words: "workspace Acme as deploybot: chat:write, users:read",
      account: "deploybot of Acme",
    },
  },
  {
    name: "slack, revoked",
    kind: "slack",
    variable: "HOLDPOINT_SLACK_URL",
    value: `xoxb-${hex(30)}`,
    header: asBearer(`xoxb-${hex(30)}`),
    replies: { "POST /auth.test": { body: { ok: false, error: "token_revoked" } } },
    expected: gone,
  },
  {
    name: "stripe, live",
    kind: "stripe",
    variable: "HOLDPOINT_STRIPE_URL",
    value: `sk_live_${hex(24)}`,
    header: asBearer(`sk_live_${hex(24)}`),
    replies: {
      "GET /v1/account": { body: { id: "acct_1", settings: { dashboard: { display_name: "Acme" } } } },
    },
    expected: {
      kind: "alive",
      width: "account",
      words: "every customer, payment and payout of Acme, live mode",
      account: "Acme",
    },
  },
  {
    name: "stripe, restricted",
    kind: "stripe",
    variable: "HOLDPOINT_STRIPE_URL",
    value: `rk_test_${hex(24)}`,
    header: asBearer(`rk_test_${hex(24)}`),
    replies: { "GET /v1/account": { status: 403, body: { error: {} } } },
    expected: {
      kind: "alive",
      width: "resource",
      words: "restricted, what it was made for, test mode, no real money",
    },
  },
  {
    name: "sendgrid",
    kind: "sendgrid",
    variable: "HOLDPOINT_SENDGRID_URL",
    value: `SG.${hex(22)}.${hex(43)}`,
    header: asBearer(`SG.${hex(22)}.${hex(43)}`),
    replies: { "GET /v3/scopes": { body: { scopes: ["mail.send", "2fa_required"] } } },
    expected: { kind: "alive", width: "resource", words: "mail.send" },
  },
  {
    name: "openai",
    kind: "openai",
    variable: "OPENAI_BASE_URL",
    value: `sk-proj-${hex(48)}`,
    header: asBearer(`sk-proj-${hex(48)}`),
    replies: { "GET /models": { headers: { "openai-organization": "acme" }, body: { data: [] } } },
    expected: {
      kind: "alive",
      width: "project",
      words: "models and data of acme, at its cost",
      account: "acme",
    },
  },
  {
    name: "anthropic",
    kind: "anthropic",
    variable: "ANTHROPIC_BASE_URL",
    value: `sk-ant-api03-${hex(80)}`,
    header: ["x-api-key", `sk-ant-api03-${hex(80)}`],
    replies: {
      "GET /v1/models?limit=1": { headers: { "anthropic-organization-id": "org-1" }, body: { data: [] } },
    },
    expected: {
      kind: "alive",
      width: "workspace",
      words: "models and files of its workspace, at its cost",
      account: "org-1",
    },
  },
  {
    name: "sentry",
    kind: "sentry",
    variable: "SENTRY_URL",
    value: `sntryu_${hex(64)}`,
    header: asBearer(`sntryu_${hex(64)}`),
    replies: {
      "GET /api/0/": {
        body: { auth: { scopes: ["org:read", "event:admin"] }, user: { email: "ann@example.com" } },
      },
    },
    expected: {
      kind: "alive",
      width: "resource",
      words: "org:read, event:admin",
      account: "ann@example.com",
    },
  },
  {
    name: "sentry, nobody's",
    kind: "sentry",
    variable: "SENTRY_URL",
    value: `sntryu_${hex(64)}`,
    header: asBearer(`sntryu_${hex(64)}`),
    replies: { "GET /api/0/": { body: { version: "0", auth: null, user: null } } },
    expected: gone,
  },
  {
    name: "linear",
    kind: "linear",
    variable: "HOLDPOINT_LINEAR_URL",
    value: `lin_api_${hex(40)}`,
    header: ["authorization", `lin_api_${hex(40)}`],
    replies: {
      "POST /graphql": {
        body: { data: { viewer: { email: "ann@example.com" }, organization: { name: "Acme" } } },
      },
    },
    expected: {
      kind: "alive",
      width: "workspace",
      words: "issues and projects of Acme",
      account: "ann@example.com",
    },
  },
  {
    name: "linear, refused",
    kind: "linear",
    variable: "HOLDPOINT_LINEAR_URL",
    value: `lin_api_${hex(40)}`,
    header: ["authorization", `lin_api_${hex(40)}`],
    replies: {
      "POST /graphql": { status: 400, body: { errors: [{ extensions: { code: "AUTHENTICATION_ERROR" } }] } },
    },
    expected: gone,
  },
  {
    name: "datadog",
    kind: "datadog",
    variable: "HOLDPOINT_DATADOG_URL",
    value: hex(32),
    header: ["dd-api-key", hex(32)],
    replies: { "GET /api/v1/validate": { body: { valid: true } } },
    expected: {
      kind: "alive",
      width: "resource",
      words: "sends metrics, logs and events; reads nothing by itself",
    },
  },
];

test.each(cases)("$name", async ({ kind, variable, value, replies, expected, header }) => {
  const server = await standIn(({ method, path }) => replies[`${method} ${path}`]);
  const reach = await lookUp(found(kind, value), options({ [variable]: server.url }));
  expect(reach).toEqual({ ...expected, words: `${expected.words} (asked at 127.0.0.1:${server.port})` });
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(Object.keys(replies));
  expect(server.seen[0]?.headers[header[0]]).toBe(header[1]);
});

const accountReply = {
  data: {
    me: {
      name: "Ann",
      email: "ann@example.com",
      workspaces: [
        { name: "Ann", projects: { edges: [{ node: { name: "blog" } }] } },
        { name: "Acme", projects: { edges: [{ node: { name: "shop" } }, { node: { name: "api" } }] } },
      ],
    },
  },
};
const workspaceReply = { data: { apiToken: { workspaces: [{ name: "Acme" }] } } };
/** Each kind of token is let in by one door alone. */
const railwayOf =
  (kind: "account" | "workspace" | "project" | "none") =>
  ({ headers, body }: Seen): Reply => {
    const isProject = headers["project-access-token"] === uuid;
    const isBearer = headers.authorization === `Bearer ${uuid}`;
    if (isProject === isBearer) return { status: 400 };
    if (isProject) return { body: kind === "project" ? project : unauthorized };
    if (body.includes("apiToken")) return { body: kind === "workspace" ? workspaceReply : unauthorized };
    return { body: kind === "account" ? accountReply : unauthorized };
  };

test.each([
  [
    "account",
    {
      kind: "alive",
      width: "account",
      words: "every project of the account: 3 projects in 2 workspaces (Ann, Acme)",
      account: "ann@example.com",
    },
    1,
  ],
  ["project", { kind: "alive", width: "project", words: "environment production of project shop" }, 2],
  [
    "workspace",
    { kind: "alive", width: "workspace", words: "every project of workspace Acme", account: "Acme" },
    3,
  ],
  ["none", gone, 3],
] as const)("railway, %s", async (kind, expected, requests) => {
  const server = await standIn(railwayOf(kind));
  const reach = await lookUp(found("railway", uuid), options({ HOLDPOINT_RAILWAY_URL: server.url }));
  expect(reach).toEqual({ ...expected, words: `${expected.words} (asked at 127.0.0.1:${server.port})` });
  expect(server.seen).toHaveLength(requests);
  // Nothing that changes anything.
  expect(server.seen.filter(({ body }) => !body.startsWith('{"query":"query {'))).toEqual([]);
});

test("railway: where one of its answers fails, nobody is called dead", async () => {
  const server = await standIn((seen) =>
    seen.headers["project-access-token"] === undefined ? { body: unauthorized } : { status: 503 },
  );
  const reach = await lookUp(found("railway", uuid), options({ HOLDPOINT_RAILWAY_URL: server.url }));
  expect(reach).toEqual({ kind: "failed", words: `it answered 503 (asked at 127.0.0.1:${server.port})` });
});

test.each([
  ["generic", "whatever", "no way to ask what it may do"],
  ["github-classic", `ghr_${hex(36)}`, "a refresh token: to try it is to use it up"],
  [
    "gitlab",
    `glrt-${hex(20)}`,
    "a token for one task (deploy, runner, job, trigger), which cannot ask about itself",
  ],
  ["supabase-access", `sb_secret_${hex(30)}`, "a key of one project, whose address is not in it"],
  [
    "slack",
    "https://hooks.slack.com/services/T0/B0/x",
    "a webhook, refresh or app token, which can only be used",
  ],
  ["github-classic", "two words\nand a line", "not of the shape of a token"],
] as const)("%s that cannot be asked: %#", async (kind, value, words) => {
  const server = await standIn(() => ({ body: {} }));
  const env = Object.fromEntries(
    ["GITHUB_API_URL", "CI_API_V4_URL", "HOLDPOINT_SUPABASE_URL", "HOLDPOINT_SLACK_URL"].map((name) => [
      name,
      server.url,
    ]),
  );
  const reach = await lookUp(found(kind, value), options(env));
  expect(reach).toEqual({ kind: "unasked", words });
  expect(server.seen).toEqual([]);
});

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "hp-online-")), name);
  await mkdir(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

// A file says whose a token is. It can keep it from being shown to somebody else, never have it shown: an agent writes files.
test.each([
  [".npmrc", 2, "registry=https://x\n//npm.acme.test/:_authToken=TOKEN\n", "npm", "npm.acme.test"],
  [".git-credentials", 1, "https://me:TOKEN@git.acme.test\n", "github-classic", "git.acme.test"],
  [".netrc", 3, "machine git.acme.test\nlogin me\npassword TOKEN\n", "gitlab", "git.acme.test"],
  [
    "gh/hosts.yml",
    3,
    "git.acme.test:\n  user: me\n  oauth_token: TOKEN\n",
    "github-classic",
    "git.acme.test",
  ],
] as const)("%s ties its token to another host", async (name, line, text, kind, host) => {
  const server = await standIn(() => ({ body: { login: "x", username: "x", scopes: [] } }));
  const value = kind === "gitlab" ? glpat : ghp;
  const file = await fileOf(name, text.replace("TOKEN", value));
  const env = { GITHUB_API_URL: server.url, CI_API_V4_URL: server.url, NPM_CONFIG_REGISTRY: server.url };
  const reach = await lookUp(found(kind, value, { file, line }), options(env));
  expect(reach.kind).toBe("unasked");
  expect(reach.words).toContain(`it stands beside ${host}, so 127.0.0.1:${server.port} was not shown it`);
  expect(server.seen).toEqual([]);
});

test.each([
  ["GITHUB_TOKEN=TOKEN # see https://wiki.acme.test\n", 1],
  ["other: https://git.acme.test\ntoken: TOKEN\n", 2],
])("what stands elsewhere in a file ties it to nothing: %#", async (text, line) => {
  const server = await standIn(() => ({ body: { login: "octocat" } }));
  const file = await fileOf("notes", text.replace("TOKEN", ghp));
  const reach = await lookUp(
    found("github-classic", ghp, { file, line }),
    options({ GITHUB_API_URL: server.url }),
  );
  expect(reach.kind).toBe("alive");
});
