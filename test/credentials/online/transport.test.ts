import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { inquiryOf, serviceOf, services } from "../../../src/credentials/online/inquiries.js";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import type { OnlineReach } from "../../../src/model/credential-audit.js";
import { credentialKinds } from "../../../src/model/credential-kind.js";
import { closeAll, found, options, type Reply, rawServer, type Seen, standIn } from "./stand-in.js";

afterEach(closeAll);

const hex = "0123456789abcdef".repeat(4);
/** A value of each kind that is asked about; what it looks like decides how. */
const values: Readonly<Record<keyof typeof services, string>> = {
  railway: "3d2c42fb-1111-4222-8333-944445555666",
  github: `ghp_${hex.slice(0, 36)}`,
  gitlab: `glpat-${hex.slice(0, 20)}`,
  npm: `npm_${hex.slice(0, 36)}`,
  huggingface: `hf_${hex.slice(0, 34)}`,
  vercel: hex.slice(0, 24),
  netlify: `nfp_${hex.slice(0, 36)}`,
  render: `rnd_${hex.slice(0, 28)}`,
  heroku: "3d2c42fb-1111-4222-8333-944445555666",
  digitalocean: `dop_v1_${hex}`,
  cloudflare: hex.slice(0, 40),
  supabase: `sbp_${hex.slice(0, 40)}`,
  neon: `napi_${hex}`,
  fly: `FlyV1 fm2_${hex}`,
  slack: `xoxb-${hex.slice(0, 30)}`,
  stripe: `sk_live_${hex.slice(0, 24)}`,
  sendgrid: `SG.${hex.slice(0, 22)}.${hex.slice(0, 43)}`,
  openai: `sk-proj-${hex.slice(0, 48)}`,
  anthropic: `sk-ant-api03-${hex}`,
  sentry: `sntryu_${hex}`,
  linear: `lin_api_${hex.slice(0, 40)}`,
  datadog: hex.slice(0, 32),
};
const kinds = Object.keys(services);
const serviceKinds = Object.entries(services).flatMap(([name, service]) => {
  const kind = credentialKinds.find((one) => serviceOf(one) === service);
  const [value] = Object.entries(values).flatMap(([own, one]) => (own === name ? [one] : []));
  return kind === undefined || value === undefined ? [] : [{ kind, value }];
});

/** Where each is asked, in the environment. */
function environment(url: string): Readonly<Record<string, string>> {
  const names = Object.values(services).flatMap(({ endpoint }) => endpoint.variables.slice(0, 1));
  return {
    ...Object.fromEntries(names.map(({ name }) => [name, url])),
    AWS_ENDPOINT_URL: url,
  };
}

const awsId = "AKIAIOSFODNN7EXAMPLE";
const awsSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** Asks for all of them. */
async function lookUpAll(
  env: Readonly<Record<string, string>>,
  timeout = 20_000,
): Promise<readonly { readonly kind: string; readonly value: string; readonly reach: OnlineReach }[]> {
  const all = [...serviceKinds, { kind: "aws-secret" as const, value: awsSecret }];
  const beside = [found("aws-key-id", awsId)];
  return Promise.all(
    all.map(async ({ kind, value }) => ({
      kind,
      value,
      reach: await lookUp(found(kind, value), options(env, { beside, timeout })),
    })),
  );
}

function withoutAddress({ reach }: { readonly reach: OnlineReach }): string {
  return `${reach.kind}: ${reach.words.replace(/ \(asked at 127\.0\.0\.1:\d+\)/, "")}`;
}

test("every kind that is asked about has a value here", () => {
  expect(serviceKinds).toHaveLength(kinds.length);
  const others = credentialKinds.filter(
    (kind) => inquiryOf(kind) !== undefined && serviceOf(kind) === undefined,
  );
  expect(others).toEqual([
    "aws-key-id",
    "aws-secret",
    "aws-session",
    "kubernetes",
    "postgres",
    "mysql",
    "mongodb",
    "redis",
    "amqp",
    "database",
  ]);
});

test.each([
  ["500", { status: 500, body: "oops" }, /^failed: it answered 500$/],
  ["429", { status: 429 }, /^failed: it wants to be asked less often \(429\)$/],
  ["a page", { body: "<html>sign in</html>" }, /^failed: its answer could not be read$/],
  ["half a document", { body: '{"login": "oct' }, /^failed: its answer could not be read$/],
  ["another document", { body: { hello: "world" } }, /^failed: its answer could not be read$/],
  ["nothing", { body: "" }, /^failed: its answer could not be read$/],
  ["null", { body: "null" }, /^failed: its answer could not be read$/],
  ["404", { status: 404, body: "{}" }, /^failed: (?:it answered 404|no user's token.*)$/],
] as const)("what says nothing is taken for nothing: %s", async (_name, reply: Reply, expected) => {
  const server = await standIn(() => reply);
  const all = await lookUpAll(environment(server.url));
  expect(all.map(withoutAddress).filter((words) => !expected.test(words))).toEqual([]);
  expect(all).toHaveLength(kinds.length + 1);
});

test("401 is a dead credential, but where that may be said of a living one", async () => {
  const server = await standIn(() => ({ status: 401, body: "{}" }));
  const all = await lookUpAll(environment(server.url));
  const others = all.filter(({ reach }) => reach.kind !== "dead").map(({ kind }) => kind);
  // Slack says so with 200, AWS with 403 and a code; Cloudflare knows no account's tokens here.
  expect(others.sort()).toEqual(["aws-secret", "cloudflare", "slack"]);
});

test.each([301, 302, 303, 307, 308])("a redirect (%i) to another host is not followed", async (status) => {
  const thief = await standIn(() => ({ body: { login: "thief" } }));
  const server = await standIn(({ path }) => ({ status, headers: { location: `${thief.url}${path}` } }));
  const all = await lookUpAll(environment(server.url));
  expect(server.seen.length).toBeGreaterThanOrEqual(all.length);
  expect(
    all.map(withoutAddress).filter((words) => !/^failed: it answered with a redirect/.test(words)),
  ).toEqual([]);
  expect(thief.seen).toEqual([]);
});

test("a server that never answers is given up on in time", async () => {
  const url = await rawServer(() => {});
  const all = await lookUpAll(environment(url), 300);
  expect(all.map(withoutAddress).filter((words) => words !== "failed: no answer in time")).toEqual([]);
});

test("a server that goes on for ever, a byte at a time, is given up on in time", async () => {
  const timers: NodeJS.Timeout[] = [];
  const url = await rawServer((write) => {
    write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n");
    timers.push(setInterval(() => write(" "), 20));
  });
  const reach = await lookUp(
    found("github-classic", values.github),
    options({ GITHUB_API_URL: url }, { timeout: 300 }),
  );
  for (const timer of timers) clearInterval(timer);
  expect(withoutAddress({ reach })).toBe("failed: no answer in time");
});

test("a huge answer is not read to its end", async () => {
  const server = await standIn(() => ({ body: `"${"x".repeat(8 * 1024 * 1024)}"` }));
  const all = await lookUpAll(environment(server.url));
  expect(
    all
      .map(withoutAddress)
      .filter((words) => words !== "failed: its answer is longer than any it should give"),
  ).toEqual([]);
});

test("a connection that breaks", async () => {
  const url = await rawServer((write) => write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab"));
  const reach = await lookUp(
    found("github-classic", values.github),
    options({ GITHUB_API_URL: url }, { timeout: 300 }),
  );
  expect(reach.kind).toBe("failed");
});

test("nobody there", async () => {
  const server = await standIn(() => ({}));
  closeAll();
  const all = await lookUpAll(environment(server.url));
  expect(
    all.map(withoutAddress).filter((words) => words !== "failed: nobody answers at its address"),
  ).toEqual([]);
});

test.each([
  "http://api.example.com",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://10.0.0.1",
  "http://user:pass@127.0.0.1",
  "https://user@api.example.com",
  "ftp://127.0.0.1",
  "file:///etc/passwd",
])("nothing is sent to %s", async (url) => {
  const all = await lookUpAll(environment(url));
  expect(all.map(withoutAddress).filter((words) => !/^failed: \S+ is no https address$/.test(words))).toEqual(
    [],
  );
});

test("a certificate that nobody vouches for gets nothing, whatever the environment says", async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
  let requests = 0;
  const server = createServer({ key, cert }, (_request, response) => {
    requests += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    const all = await lookUpAll(environment(`https://127.0.0.1:${port}`));
    expect(
      all
        .map(withoutAddress)
        .filter((words) => words !== "failed: its certificate does not hold, so nothing was sent"),
    ).toEqual([]);
    expect(requests).toBe(0);
  } finally {
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    server.close();
  }
});

/** Says again what it was given, wherever a service could say a name. */
function echo(kind: string, value: string): (seen: Seen) => Reply {
  const again = [
    value,
    encodeURIComponent(value),
    Buffer.from(value).toString("base64"),
    value.slice(0, Math.ceil(value.length * 0.7)),
    `\u001b]0;${value}\u0007`,
  ].join(" ");
  const item = { name: again, email: again, owner: { name: again, email: again, login: again }, slug: again };
  const nodes = { edges: [{ node: item }], nodes: [item] };
  const body = {
    login: again,
    username: again,
    name: again,
    email: again,
    id: again,
    team: again,
    user: kind === "slack" ? again : { username: again, email: again },
    ok: true,
    valid: true,
    success: true,
    scopes: [again],
    repositories: [item],
    projects: [item],
    total_count: 1,
    account: { email: again, team: { name: again } },
    result: { status: "active", expires_on: again },
    settings: { dashboard: { display_name: again } },
    auth: { scopes: [again], accessToken: { role: again } },
    data: {
      me: { name: again, email: again, workspaces: [{ name: again, projects: nodes }] },
      viewer: { email: again },
      organizations: nodes,
      organization: { name: again },
    },
  };
  const headers = {
    "x-oauth-scopes": value,
    "openai-organization": value,
    "anthropic-organization-id": value,
  };
  const xml = `<Arn>arn:aws:iam::1:user/${value}</Arn><Account>${value}</Account><PolicyArn>${value}</PolicyArn><member>${value}</member>`;
  return ({ path, headers: { authorization = "" } }) => {
    if (authorization.startsWith("AWS4")) return { body: xml };
    const isList = path.startsWith("/v1/owners") || path === "/v1/projects";
    return {
      headers,
      body: isList ? [item] : path === "/models" || path.startsWith("/v1/models") ? { data: [again] } : body,
    };
  };
}

test("an answer that holds the credential again: no value in any result", async () => {
  for (const { kind, value } of [...serviceKinds, { kind: "aws-secret" as const, value: awsSecret }]) {
    const server = await standIn(echo(kind, value));
    const reach = await lookUp(
      found(kind, value),
      options(environment(server.url), { beside: [found("aws-key-id", awsId)] }),
    );
    const text = JSON.stringify(reach);
    expect([kind, reach.kind]).toEqual([kind, "alive"]);
    for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString("base64")])
      expect([kind, text.includes(form)]).toEqual([kind, false]);
    // Not half of it either, and nothing that moves a cursor.
    expect([kind, text.includes(value.slice(0, Math.ceil(value.length / 2)))]).toEqual([kind, false]);
    expect([kind, /\\u00[01]|\\u007f/.test(text)]).toEqual([kind, false]);
  }
});

test.each([400, 401, 403, 404, 500])("a refusal (%i) that holds it again", async (status) => {
  for (const { kind, value } of serviceKinds) {
    const again = {
      message: value,
      error: { message: value, code: value },
      errors: [{ message: value }],
      msg: value,
    };
    const server = await standIn(() => ({ status, headers: { "x-oauth-scopes": value }, body: again }));
    const reach = await lookUp(found(kind, value), options(environment(server.url)));
    expect([kind, JSON.stringify(reach).includes(value)]).toEqual([kind, false]);
  }
});
