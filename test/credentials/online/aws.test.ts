import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { signedHeaders } from "../../../src/credentials/online/aws-signature.js";
import { lookUp } from "../../../src/credentials/online/look-up.js";
import { closeAll, found, options, type Reply, type Seen, standIn } from "./stand-in.js";

afterEach(closeAll);

const id = "AKIAIOSFODNN7EXAMPLE";
const temporary = "ASIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const session = `FwoGZXIvYXdzE${"A".repeat(80)}=`;

/** What AWS itself does with a request: the same signature, made from what came in and the secret that it knows. */
function isSigned(
  { headers, body }: Seen,
  port: number,
  key: { id: string; session: string | undefined },
): boolean {
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  const stamp = String(headers["x-amz-date"]).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    "$1-$2-$3T$4:$5:$6Z",
  );
  const url = new URL(`http://127.0.0.1:${port}/`);
  const expected = signedHeaders({ ...key, secret }, { url, body, service, region, now: Date.parse(stamp) });
  return headers.authorization === expected["authorization"];
}

type Answers = Readonly<Record<string, string | { readonly status: number; readonly code: string }>>;

/** STS and IAM, as far as they are asked: what is not listed is denied. */
async function amazon(
  arn: string,
  answers: Answers = {},
  key: { id: string; session: string | undefined } = { id, session: undefined },
) {
  let port = 0;
  const server = await standIn((seen): Reply => {
    if (!isSigned(seen, port, key))
      return {
        status: 403,
        body: "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>",
      };
    const form = new URLSearchParams(seen.body);
    const action = form.get("Action") ?? "";
    const said = {
      GetCallerIdentity: `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>123456789012</Account>`,
      ...answers,
    };
    const name = form.get("PolicyArn") ?? form.get("PolicyName") ?? form.get("GroupName") ?? "";
    const answer = Object.entries(said).find(([key]) => key === `${action} ${name}` || key === action)?.[1];
    if (answer === undefined || typeof answer !== "string") {
      const { status, code } = answer ?? { status: 403, code: "AccessDenied" };
      return { status, body: `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>` };
    }
    return { body: `<${action}Response><${action}Result>${answer}</${action}Result></${action}Response>` };
  });
  port = server.port;
  return server;
}

const none: Answers = { ListGroupsForUser: "", ListUserPolicies: "", ListAttachedUserPolicies: "" };
const managed = (...names: readonly string[]) =>
  names
    .map(
      (name) =>
        `<member><PolicyName>${name}</PolicyName><PolicyArn>arn:aws:iam::aws:policy/${name}</PolicyArn></member>`,
    )
    .join("");
const policy = (action: string) =>
  encodeURIComponent(
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
    }),
  );
const user = "arn:aws:iam::123456789012:user/team/ci";

test.each<readonly [string, string, Answers, string, string]>([
  [
    "administrator",
    user,
    { ...none, ListAttachedUserPolicies: managed("AdministratorAccess") },
    "account",
    "user ci of account 123456789012: AdministratorAccess",
  ],
  [
    "one who only reads",
    user,
    { ...none, ListAttachedUserPolicies: managed("ReadOnlyAccess") },
    "read",
    "user ci of account 123456789012: ReadOnlyAccess",
  ],
  [
    "one of one service",
    user,
    { ...none, ListAttachedUserPolicies: managed("AmazonS3FullAccess", "ReadOnlyAccess") },
    "resource",
    "user ci of account 123456789012: AmazonS3FullAccess, ReadOnlyAccess",
  ],
  ["nothing attached", user, none, "read", "user ci of account 123456789012: no policy"],
  [
    "one who may not ask",
    user,
    {},
    "unknown",
    "user ci of account 123456789012: what it may do, IAM did not tell",
  ],
  [
    "an administrator by a group",
    user,
    {
      ...none,
      ListGroupsForUser: "<member><GroupName>admins</GroupName></member>",
      ListAttachedGroupPolicies: managed("AdministratorAccess"),
      ListGroupPolicies: "",
    },
    "account",
    "user ci of account 123456789012: AdministratorAccess",
  ],
  [
    "an inline policy with a harmless name that allows everything",
    user,
    {
      ...none,
      ListUserPolicies: "<member>deploy</member>",
      "GetUserPolicy deploy": `<PolicyDocument>${policy("*")}</PolicyDocument>`,
    },
    "account",
    "user ci of account 123456789012: deploy",
  ],
  [
    "an inline policy that does not",
    user,
    {
      ...none,
      ListUserPolicies: "<member>deploy</member>",
      "GetUserPolicy deploy": `<PolicyDocument>${policy("s3:PutObject")}</PolicyDocument>`,
    },
    "resource",
    "user ci of account 123456789012: deploy",
  ],
  [
    "a policy of the account's own that allows everything",
    user,
    {
      ...none,
      ListAttachedUserPolicies:
        "<member><PolicyArn>arn:aws:iam::123456789012:policy/ops</PolicyArn></member>",
      GetPolicy: "<DefaultVersionId>v3</DefaultVersionId>",
      GetPolicyVersion: `<Document>${policy("iam:*")}</Document>`,
    },
    "account",
    "user ci of account 123456789012: ops",
  ],
  [
    "a role",
    "arn:aws:sts::123456789012:assumed-role/deployer/session",
    { ListAttachedRolePolicies: managed("PowerUserAccess"), ListRolePolicies: "" },
    "account",
    "role deployer of account 123456789012: PowerUserAccess",
  ],
  [
    "the root",
    "arn:aws:iam::123456789012:root",
    {},
    "account",
    "the root of account 123456789012: everything, and nothing limits it",
  ],
])("%s", async (_name, arn, answers, width, words) => {
  const server = await amazon(arn, answers);
  const env = { AWS_ENDPOINT_URL: server.url };
  const expected = {
    kind: "alive",
    width,
    words: `${words} (asked at 127.0.0.1:${server.port})`,
    account: arn,
  };
  const pair = [found("aws-key-id", id, { line: 1 }), found("aws-secret", secret, { line: 2 })] as const;
  expect(await lookUp(pair[1], options(env, { beside: pair }))).toEqual(expected);
  expect(await lookUp(pair[0], options(env, { beside: pair }))).toEqual(expected);
  // The secret signs and goes nowhere; nothing is asked but to be told.
  expect(server.seen.filter((seen) => JSON.stringify(seen).includes(secret))).toEqual([]);
  expect(server.seen.filter(({ body }) => !/^Action=(?:Get|List)/.test(body))).toEqual([]);
});

test.each([
  ["InvalidClientTokenId", { kind: "dead", words: "refused: revoked, expired or never real" }],
  ["ExpiredToken", { kind: "dead", words: "refused: revoked, expired or never real" }],
  [
    "SignatureDoesNotMatch",
    {
      kind: "failed",
      words: "the secret found beside it is another key's, or this machine's clock is wrong",
    },
  ],
  ["RequestThrottled", { kind: "failed", words: "it answered 403" }],
])("%s", async (code, expected) => {
  const server = await amazon(user, { GetCallerIdentity: { status: 403, code } });
  const reach = await lookUp(
    found("aws-secret", secret),
    options({ AWS_ENDPOINT_URL: server.url }, { beside: [found("aws-key-id", id)] }),
  );
  expect(reach).toEqual({ ...expected, words: `${expected.words} (asked at 127.0.0.1:${server.port})` });
});

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "hp-online-")), "credentials");
  writeFileSync(path, text);
  return path;
}

test("parts that were not found are looked for in the file, the nearest first", async () => {
  const file = fileOf(
    `[old]\naws_access_key_id = AKIAAAAAAAAAAAAAAAAA\naws_secret_access_key = ${"x".repeat(40)}\n\n[now]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
  );
  const server = await amazon("arn:aws:iam::123456789012:root");
  const env = { AWS_ENDPOINT_URL: server.url };
  for (const one of [
    found("aws-secret", secret, { file, line: 7 }),
    found("aws-key-id", id, { file, line: 6 }),
  ])
    expect((await lookUp(one, options(env))).kind).toBe("alive");
});

test("a temporary key goes with its session's token, and not without", async () => {
  const server = await amazon("arn:aws:iam::123456789012:root", {}, { id: temporary, session });
  const env = { AWS_ENDPOINT_URL: server.url };
  const alone = [found("aws-key-id", temporary), found("aws-secret", secret)] as const;
  expect(await lookUp(alone[1], options(env, { beside: alone }))).toEqual({
    kind: "unasked",
    words: "a temporary key, whose session token was not found beside it",
  });
  const whole = [...alone, found("generic", session, { key: "AWS_SESSION_TOKEN" })];
  expect((await lookUp(alone[1], options(env, { beside: whole }))).kind).toBe("alive");
});

test("of the environment, only where it is the environment's own", async () => {
  const server = await amazon("arn:aws:iam::123456789012:root");
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
  expect((await lookUp(found("aws-secret", secret), options(env))).kind).toBe("alive");
  const other = await lookUp(found("aws-secret", "y".repeat(40)), options(env));
  expect(other).toEqual({ kind: "unasked", words: "the id of the key was not found beside it" });
});

test("ids that are not AWS's own are not shown to it", async () => {
  const server = await amazon(user);
  const beside = [found("aws-key-id", "DO00EXAMPLEEXAMPLE00")];
  const reach = await lookUp(
    found("aws-secret", secret),
    options({ AWS_ENDPOINT_URL: server.url }, { beside }),
  );
  expect(reach).toEqual({ kind: "unasked", words: "no key of AWS itself, by its id" });
  expect(server.seen).toEqual([]);
});

const run = promisify(execFile);
const client = await run("aws", ["--version"]).then(
  () => true,
  () => false,
);

// What checks our signature must be right itself: it has to take the real client's, too.
test.skipIf(!client)("the real aws client's signature is the same", { timeout: 60_000 }, async () => {
  const key = { id: temporary, session };
  const server = await amazon("arn:aws:iam::123456789012:user/ci", {}, key);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: mkdtempSync(join(tmpdir(), "hp-online-")),
    AWS_ACCESS_KEY_ID: temporary,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: session,
    AWS_ENDPOINT_URL: server.url,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_DEFAULT_REGION: "eu-west-1",
  };
  const { stdout } = await run("aws", ["sts", "get-caller-identity", "--output", "json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({ Account: "123456789012" });
  expect(server.seen[0]?.headers.authorization).toContain("/eu-west-1/sts/");
});
