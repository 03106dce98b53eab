import { describe, expect, it } from "vitest";
import type { Credential, CredentialPlace } from "../../src/model/effect.js";
import {
  briefCredential,
  credentialText,
  credentialWords,
  warningWords,
} from "../../src/prompt/credential-words.js";

const now = new Date(2026, 5, 15, 12).getTime();
const around = { workspace: "/home/me/shop", home: "/home/me" };
const view = { around, now };
const march = new Date(2026, 2, 3).getTime();

function place(file: string, more: Partial<CredentialPlace> = {}): CredentialPlace {
  return { file, line: 3, key: "RAILWAY_TOKEN", kind: "railway", modified: march, ...more };
}

const domains = place("/home/me/shop/infra/domains/.env", { readAt: now - 120_000 });
const given: Credential = { name: "authorization", from: "env:TOKEN", fingerprint: "a81f3c" };
const foreseen = { ...given, fingerprint: "" };

describe("where it came from", () => {
  it.each<[string, Credential, string]>([
    ["nobody knows", given, "authorization from variable TOKEN, fingerprint a81f3c"],
    ["written", { ...given, from: "literal" }, "authorization written in the command, fingerprint a81f3c"],
    [
      "a profile",
      { ...given, from: "profile:staging" },
      "authorization from profile staging, fingerprint a81f3c",
    ],
    [
      "a tool's file",
      { ...given, from: "config:~/.netrc" },
      "authorization from ~/.netrc, fingerprint a81f3c",
    ],
    ["not there yet", { ...foreseen, from: "file:/home/me/shop/x/.env" }, "authorization from x/.env"],
    [
      "a key of what is not there yet",
      { ...foreseen, from: "file:/etc/x.env#KEY" },
      "KEY from /etc/x.env#KEY",
    ],
    [
      "a variable, and a file has the same",
      { ...given, places: [domains] },
      "RAILWAY_TOKEN from variable TOKEN; the same lies in infra/domains/.env:3, last changed in March, first read 2 minutes ago",
    ],
    [
      "that very file",
      { ...given, from: "file:/home/me/shop/infra/domains/.env:3", places: [domains] },
      "RAILWAY_TOKEN from infra/domains/.env:3, last changed in March, first read 2 minutes ago",
    ],
    [
      "that file, and others",
      {
        ...foreseen,
        from: "file:/home/me/shop/infra/domains/.env",
        places: [domains, place("/home/me/.x"), place("/y")],
      },
      "RAILWAY_TOKEN from infra/domains/.env:3, last changed in March, first read 2 minutes ago; the same lies in ~/.x:3 and 1 more, last changed in March",
    ],
    [
      "one of several in a file",
      {
        ...foreseen,
        from: "file:/home/me/shop/.env",
        places: [place("/home/me/shop/.env"), place("/home/me/shop/.env", { key: "OTHER", line: 4 })],
      },
      "authorization from .env:3, last changed in March",
    ],
    [
      "a copy, and where it was",
      {
        ...given,
        places: [place("/home/me/shop/a", { change: "gone" }), place("/home/me/shop/b", { change: "new" })],
      },
      "RAILWAY_TOKEN from variable TOKEN; the same lies in a:3 (no longer there) and 1 more, last changed in March",
    ],
    [
      "not all was looked through",
      { ...given, unsearched: true },
      "authorization from variable TOKEN, fingerprint a81f3c; not all files were looked through",
    ],
  ])("%s", (_name, credential, words) => {
    expect(credentialWords(credential, view)).toBe(words);
  });

  it("as a whole, with all files", () => {
    const places = [domains, place("/home/me/shop/b", { change: "new", line: 1 }), place("/home/me/.c")];
    expect(credentialWords({ ...given, places }, { ...view, isWhole: true })).toBe(
      "RAILWAY_TOKEN from variable TOKEN, fingerprint a81f3c; the same lies in infra/domains/.env:3, last changed in March, first read 2 minutes ago, and in b:1 (written in this session), ~/.c:3",
    );
  });

  it("with whole paths where nobody knows from where one looks", () => {
    expect(credentialWords({ ...given, from: "config:~/.netrc", places: [domains] }, { now })).toContain(
      "from ~/.netrc; the same lies in /home/me/shop/infra/domains/.env:3",
    );
  });
});

describe("what the manifest says", () => {
  const words = (standing: Credential["standing"], environment?: string) =>
    credentialWords(
      { ...given, ...(standing === undefined ? {} : { standing }) },
      { ...view, environment },
    ).replace("authorization from variable TOKEN, fingerprint a81f3c", "");

  it.each([
    ["named", "staging", "; named in holdpoint.yaml for staging"],
    ["named", undefined, "; named in holdpoint.yaml"],
    ["other", "production", "; named in holdpoint.yaml, but not for production"],
    ["other", "unknown", "; named in holdpoint.yaml for something else"],
    ["unnamed", "production", "; not named in holdpoint.yaml for production"],
    ["unrelated", "production", ""],
    [undefined, "production", ""],
  ] as const)("%s, %s", (standing, environment, said) => {
    expect(words(standing, environment)).toBe(said);
  });

  const stray: Credential = { ...given, places: [domains], standing: "unrelated" };

  it.each<[Credential, string | undefined]>([
    [{ ...stray, standing: "unnamed" }, undefined],
    [stray, "RAILWAY_TOKEN comes from infra/domains/.env, unrelated to the purpose"],
    [
      { ...stray, places: [domains, place("/a"), place("/b")] },
      "RAILWAY_TOKEN comes from infra/domains/.env and 2 other files, unrelated to the purpose",
    ],
    [
      { ...foreseen, from: "file:/home/me/x/.env:2", standing: "unrelated" },
      "authorization comes from ~/x/.env, unrelated to the purpose",
    ],
    [{ ...given, standing: "unrelated" }, "authorization is unrelated to the purpose"],
  ])("a line of its own warns: %#", (credential, warning) => {
    expect(warningWords(credential, view)).toBe(warning);
  });

  it("in a few words", () => {
    expect(briefCredential(stray, view)).toBe(
      "RAILWAY_TOKEN from infra/domains/.env:3 (unrelated to the purpose)",
    );
    expect(briefCredential(given, view)).toBe("authorization from variable TOKEN");
    expect(briefCredential({ ...given, standing: "named" }, view)).toBe("authorization from variable TOKEN");
    expect(briefCredential({ ...given, standing: "unnamed" }, { ...view, environment: "production" })).toBe(
      "authorization from variable TOKEN (not named in holdpoint.yaml for production)",
    );
  });

  it("as one text", () => {
    expect(credentialText(stray, view)).toMatch(/; unrelated to the purpose$/);
    expect(credentialText(given, view)).not.toContain("unrelated");
  });
});
