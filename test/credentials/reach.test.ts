import { describe, expect, test } from "vitest";
import { factsOf } from "../../src/credentials/reach.js";
import type { Sighting } from "../../src/credentials/sighting.js";

const now = Date.parse("2026-11-01T00:00:00Z");

function sighting(given: Partial<Sighting> & { readonly text?: string }): Sighting {
  const { text = "", ...rest } = given;
  return {
    kind: "generic",
    key: undefined,
    value: "x",
    line: 1,
    file: "/w/.env",
    modified: 0,
    around: () => text,
    ...rest,
  };
}

/** Put together here: nothing in this file looks like a credential itself. */
const made = (...parts: readonly string[]): string => parts.join("");
const long = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0";
const token = (claims: object): string =>
  ["eyJhbGciOiJIUzI1NiJ9", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2lnbmVk"].join(".");

test.each([
  [made("gh", "p_", long), "account", "classic GitHub token"],
  [made("github", "_pat_", long), "project", "fine-grained"],
  [made("sk", "_live_", long), "account", "real money"],
  [made("sk", "_test_", long), "nothing", "test data"],
  [made("rk", "_live_", long), "project", "restricted key"],
  [made("sb", "p_", long), "account", "every project of a Supabase account"],
  [made("fo", "1_", long), "account", "Fly.io account"],
  [made("Fly", "V1 fm2_", long), "workspace", "one Fly.io app or all"],
  [made("sk-", "ant-api03-", long), "project", "Anthropic"],
  [made("sk-", "ant-admin01-", long), "workspace", "members, keys"],
  [made("xox", "b-", long), "workspace", "Slack"],
  [made("np", "m_", long), "account", "npm"],
])("%s: %s", (value, width, words) => {
  expect(factsOf(sighting({ value }), now)).toMatchObject({ width, words: expect.stringContaining(words) });
});

describe("tokens that say it themselves", () => {
  test.each([
    [
      { iss: "supabase", ref: "abcd", role: "service_role" },
      "project",
      "all of Supabase project abcd, past its row-level security (service_role)",
    ],
    [
      { iss: "supabase", ref: "abcd", role: "anon" },
      "read",
      "what row-level security of Supabase project abcd lets anybody do (anon, made for browsers)",
    ],
    [
      { iss: "https://login.example.com/", exp: 1_700_000_000 },
      "nothing",
      "nothing any longer: it expired on 2023-11-14",
    ],
    [
      { iss: "https://login.example.com/", role: "admin", exp: 2_000_000_000 },
      "unknown",
      "what https://login.example.com/ signed it for, as admin, until 2033-05-18",
    ],
    [
      {
        "kubernetes.io/serviceaccount/namespace": "ci",
        "kubernetes.io/serviceaccount/service-account.name": "deployer",
      },
      "project",
      "what service account ci/deployer may in its Kubernetes cluster",
    ],
    [{ exp: 9e15 }, "unknown", "what takes this signed token, until 9000000000000000"],
  ])("%j: %s", (claims, width, words) => {
    expect(factsOf(sighting({ value: token(claims) }), now)).toMatchObject({ width, words });
  });

  test("by its issuer's host and its project a manifest may know it", () => {
    const facts = factsOf(
      sighting({ value: token({ iss: "https://x.example.com/auth", ref: "abcd" }) }),
      now,
    );
    expect(
      facts.things.map((thing) =>
        thing.is === "server" ? thing.host : thing.is === "word" ? thing.text : "",
      ),
    ).toEqual(["x.example.com", "abcd", "abcd.supabase.co"]);
  });
});

describe("AWS", () => {
  const pair = `[deploy]\naws_access_key_id = AKIAY34FZKBOKMUTVV7A\naws_secret_access_key = ${long}\n`;
  test.each([
    [pair, 3, "account", "AWS account 609629065308 (profile deploy), as far as its user was granted"],
    [
      pair.replace("AKIA", "ASIA"),
      3,
      "unknown",
      "AWS account 609629065308 (profile deploy), as far as its role was granted, for some hours",
    ],
    // Of the old generation: the account does not stand in it.
    [
      pair.replace("Y34FZKBOKMUTVV7A", "IOSFODNN7ABCDEFG"),
      3,
      "account",
      "an AWS account (profile deploy), as far as its user was granted",
    ],
    [
      `[a]\n[b]\naws_secret_access_key = ${long}\n`,
      3,
      "account",
      "an AWS account, as far as its user was granted (profile b)",
    ],
    [
      `${pair.replace("[deploy]", "[one]").replace("Y34FZKBOKMUTVV7A", "QNZGKIQY56JQ7WML")}${pair}`,
      6,
      "account",
      "AWS account 609629065308 (profile deploy), as far as its user was granted",
    ],
  ])("%j", (text, line, width, words) => {
    const one = sighting({
      value: long,
      key: "aws_secret_access_key",
      line,
      text,
      file: "/h/.aws/credentials",
    });
    expect(factsOf(one, now)).toMatchObject({ width, words });
  });

  test("an id is part of what lies beside it; alone it is nothing", () => {
    const id = { value: "AKIAY34FZKBOKMUTVV7A", line: 2 };
    expect(factsOf(sighting({ ...id, text: pair }), now)).toMatchObject({ isPart: true });
    const alone = factsOf(sighting({ ...id, text: "AKIAY34FZKBOKMUTVV7A" }), now);
    expect([alone.isPart, alone.width]).toEqual([undefined, "nothing"]);
    expect(alone.words).toContain("of AWS account 609629065308");
  });
});

describe("databases", () => {
  test.each([
    [
      "postgres://postgres@db.example.com:5432/shop",
      "workspace",
      "all databases of the server at db.example.com:5432/shop as postgres, by the name an administrator",
    ],
    [
      "postgres://shop_owner@db.example.com/shop",
      "workspace",
      "all databases of the server at db.example.com/shop as shop_owner, by the name an administrator",
    ],
    [
      "postgres://app@db.example.com/shop",
      "resource",
      "the database db.example.com/shop as app, as far as that role was granted",
    ],
    [
      "mysql://report_ro@db.example.com/shop",
      "read",
      "reading db.example.com/shop as report_ro, by the name",
    ],
    [
      "postgres://app@localhost:5433/shop",
      "nothing",
      "a database on this machine or in its containers: localhost:5433/shop as app",
    ],
    [
      "redis://cache.example.com:6379",
      "resource",
      "the database cache.example.com:6379, as far as that role was granted",
    ],
    ["postgres://me:12?34@db/app", "resource", "a database, at an address that is not written as URLs are"],
  ])("%s", (target, width, words) => {
    expect(factsOf(sighting({ kind: "postgres", value: long, target }), now)).toMatchObject({ width, words });
  });

  test("a password whose host stands beside it", () => {
    const text = `PGUSER=postgres\nPGHOST=db.example.com\nPGPASSWORD=${long}\n`;
    expect(factsOf(sighting({ value: long, key: "PGPASSWORD", line: 3, text }), now)).toMatchObject({
      width: "workspace",
      words: "all databases of the server at db.example.com as postgres, by the name an administrator",
    });
  });
});

describe("by its file, what stands beside it, or its name", () => {
  const account = `{"type": "service_account", "project_id": "shop-1", "client_email": "ci@shop-1.iam.gserviceaccount.com"}`;
  const pem = (type: string) =>
    made("-----BEGIN ", type, "PRIVATE KEY-----\n", long, "\n-----END ", type, "PRIVATE KEY-----");
  const cluster = (host: string) =>
    `kind: Config\nclusters:\n- cluster:\n    server: https://${host}\ncurrent-context: blue\n`;
  test.each<[string, Parameters<typeof sighting>[0], string, string]>([
    [
      "Google",
      { kind: "gcp-service-account", value: pem(""), text: account },
      "project",
      "Google Cloud project shop-1 as service account ci@shop-1.iam.gserviceaccount.com, as far as its roles go",
    ],
    [
      "ssh",
      { kind: "private-key", value: pem("OPENSSH "), file: "/h/.ssh/id_ed25519" },
      "account",
      "every machine and repository that takes this ssh key; no passphrase locks it",
    ],
    [
      "locked",
      { kind: "encrypted-key", value: pem("ENCRYPTED ") },
      "nothing",
      "nothing without its passphrase",
    ],
    [
      "tls",
      { kind: "private-key", value: pem("EC "), file: "/w/tls/server.key" },
      "resource",
      "whatever trusts this key: a server's name, a client's login or signatures",
    ],
    [
      "cluster",
      { kind: "kubernetes", text: cluster("10.0.0.1:6443"), file: "/h/.kube/config" },
      "workspace",
      "a Kubernetes cluster at 10.0.0.1:6443, as far as its role goes",
    ],
    [
      "near cluster",
      { kind: "kubernetes", text: cluster("127.0.0.1:6443"), file: "/h/.kube/config" },
      "nothing",
      "a Kubernetes cluster on this machine",
    ],
    [
      "netrc",
      { kind: "netrc", target: "git.example.com", file: "/h/.netrc" },
      "account",
      "what this login may at git.example.com",
    ],
    // A forge may take the token as the user's name.
    [
      "url",
      { kind: "basic-auth", target: "https://hush@git.example.com/a" },
      "account",
      "what this login may at git.example.com",
    ],
    [
      "railway login",
      { kind: "railway", file: "/h/.railway/config.json" },
      "account",
      "every project of the Railway account that is logged in here",
    ],
    [
      "railway",
      { kind: "railway", key: "RAILWAY_TOKEN" },
      "account",
      "every project of a Railway account, unless it is a workspace's or a project's token",
    ],
    [
      "railway name",
      { kind: "railway", key: "RAILWAY_API_TOKEN" },
      "account",
      "every project of a Railway account or workspace (that is what this name is for)",
    ],
    [
      "session secret",
      { key: "SESSION_SECRET" },
      "project",
      "signing in to one application as any of its users",
    ],
    [
      "kind alone",
      { kind: "heroku" },
      "account",
      "whoever holds it manages, and destroys, apps and their databases",
    ],
    ["nothing", {}, "unknown", "nobody knows: neither its shape nor its name tells what takes it"],
  ])("%s", (_, given, width, words) => {
    expect(factsOf(sighting(given), now)).toMatchObject({ width, words });
  });
});
