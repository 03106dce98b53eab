import { describe, expect, it } from "vitest";
import type { Credential, CredentialPlace, Effect } from "../../src/model/effect.js";
import { plainEffect } from "../../src/model/effect.js";
import type { Manifest } from "../../src/model/scope.js";
import { boundEffects } from "../../src/scope/bounds.js";
import { parseManifest } from "../../src/scope/manifest.js";
import { hasAll, tellingWords, wordsOf } from "../../src/scope/purpose-words.js";
import { isHomeStore, isOwnStore } from "../../src/scope/usual-stores.js";
import { type FakeFile, fakeWorld } from "../fake-world.js";

// The rule as cases: schema/conformance/credentials-places.yaml. Here its parts, and what no line can show.

const world = fakeWorld({
  files: { "/w/infra/domains/.env": { text: "" }, "/w/link": { link: "/w/infra/domains/.env" } },
});

function manifestOf(yaml: string): Manifest {
  const parsed = parseManifest(`version: 1\n${yaml}`, "/w/holdpoint.yaml", {
    home: "/home/me",
    realpath: world.realpath,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.manifest;
}

const login = manifestOf("purpose: fix the login of staging");

function place(file: string, more: Partial<CredentialPlace> = {}): CredentialPlace {
  return { file, line: 1, key: "TOKEN", kind: "generic", modified: 0, ...more };
}

function call(credentials: readonly Credential[], more: Partial<Effect> = {}): Effect {
  return {
    ...plainEffect("curl", more.action ?? "modify", "https://api.example.com/x"),
    resource: "http",
    method: "PUT",
    host: "api.example.com",
    path: "/x",
    credentials,
  };
}

function stand(
  one: Partial<Credential>,
  manifests: readonly Manifest[] = [login],
  action: Effect["action"] = "modify",
  at = world,
) {
  const credential: Credential = { name: "authorization", from: "literal", fingerprint: "#1", ...one };
  const [effect] = boundEffects([call([credential], { action })], manifests, at);
  return [effect?.bounds, effect?.credentials[0]?.standing, effect?.boundsBecause];
}

const stray =
  'holdpoint.yaml: TOKEN was found in infra/domains/.env, which has nothing to do with "fix the login of staging"';

describe("a credential of a call", () => {
  it("is unrelated for what only reads, too, and then held by nobody", () => {
    const places = [place("/w/infra/domains/.env")];
    expect(stand({ places })).toEqual(["credential", "unrelated", stray]);
    expect(stand({ places }, [login], "read")).toEqual([undefined, "unrelated", undefined]);
  });

  it("is known by the file that the call names, also behind a link, and while nobody has looked into it", () => {
    const said = stray.replace("TOKEN", "authorization");
    expect(stand({ from: "file:/w/infra/domains/.env:3", fingerprint: "" })).toEqual([
      "credential",
      "unrelated",
      said,
    ]);
    expect(stand({ from: "file:/w/link", fingerprint: "" })).toEqual(["credential", "unrelated", said]);
    expect(stand({ from: "file:/w/link#TOKEN", fingerprint: "" })).toEqual([
      "credential",
      "unrelated",
      stray,
    ]);
    expect(stand({ from: "config:~/.netrc" })).toEqual([undefined, undefined, undefined]);
  });

  it("that the session wrote down itself is minded by nobody", () => {
    const files: Readonly<Record<string, FakeFile>> = { "/w/header": { text: "" } };
    const plain = fakeWorld({ files });
    const now = { ...plain, lstat: (path: string) => ({ ...plain.lstat(path), born: 2000 }) };
    expect(stand({ from: "file:/w/header", fingerprint: "" }, [login], "modify", now)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(stand({ places: [place("/w/header", { change: "new" })] })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("that is not there yet is minded by nobody", () => {
    expect(stand({ from: "file:/w/made-later", fingerprint: "" })[0]).toBeUndefined();
  });

  it("that was moved is known by where it was at home", () => {
    const places = [
      place("/w/staging.env", { change: "new" }),
      place("/w/infra/domains/.env", { change: "gone" }),
    ];
    expect(stand({ places })).toEqual(["credential", "unrelated", stray]);
  });

  it("one of several in a file is not vouched for by where another lies", () => {
    const places = [
      place("/w/infra/domains/.env"),
      place("/w/infra/domains/.env", { key: "OTHER" }),
      place("/w/.env", { key: "OTHER" }),
    ];
    const [bounds] = stand({ from: "file:/w/infra/domains/.env", fingerprint: "", places });
    expect(bounds).toBe("credential");
  });

  it("names the first file, and how many more", () => {
    const places = ["/w/infra/a", "/w/infra/b", "/opt/c"].map((file) => place(file));
    expect(stand({ places })[2]).toContain("infra/a and 2 other files, which have nothing to do");
    expect(stand({ places: places.slice(0, 2) })[2]).toContain("infra/a and another file, which have");
  });

  it("a pair is one login", () => {
    const id: Credential = { name: "user", from: "literal", fingerprint: "#1" };
    const secret: Credential = {
      ...id,
      name: "password",
      isPair: true,
      places: [place("/w/infra/domains/.env")],
    };
    const [effect] = boundEffects([call([id, secret])], [login], world);
    expect(effect?.credentials.map(({ standing }) => standing)).toEqual(["unrelated", "unrelated"]);
  });

  it("stands as the strictest manifest says, in whatever order", () => {
    const domains = manifestOf("purpose: move the domains");
    const named = {
      ...manifestOf(
        "environments: { a: { allow: [modify], hosts: [api.example.com] } }\ncredentials: [{ name: c, from: 'env:C', allow: [a] }]",
      ),
    };
    const places = [place("/w/infra/domains/.env")];
    for (const all of [
      [domains, login, named],
      [named, login, domains],
    ])
      expect(stand({ places, from: "env:C", fingerprint: "" }, all).slice(0, 2)).toEqual([
        "credential",
        "unrelated",
      ]);
    expect(stand({ places, from: "env:C", fingerprint: "" }, [named]).slice(0, 2)).toEqual([
      "inside",
      "named",
    ]);
    expect(stand({ places }, [domains]).slice(0, 2)).toEqual([undefined, undefined]);
  });

  it("a manifest without purpose and places of work says nothing", () => {
    const places = [place("/w/infra/domains/.env")];
    for (const yaml of [
      "files: { never: [x] }",
      "environments: { production: { allow: [], hosts: [x] } }",
      "environments: { production: { allow: [read], ids: [x] } }",
    ])
      expect(stand({ places }, [manifestOf(yaml)])[1]).toBeUndefined();
  });

  it("a long purpose is cut", () => {
    const places = [place("/w/infra/domains/.env")];
    const [, , because = ""] = stand({ places }, [manifestOf(`purpose: ${"login ".repeat(30)}`)]);
    expect(because.length).toBeLessThan(220);
    expect(because).toMatch(/logi…"$/);
  });
});

describe("words", () => {
  it.each([
    ["infra/domains/.env", "Move our Domains", ["domain"]],
    ["deploy/stagingEnv.json", "debug the credential mismatch in staging", ["staging"]],
    ["deploy/stg/.env", "staging", ["staging"]],
    ["config/credentials.json", "debug the credential mismatch in staging", []],
    ["src/app/config/.env", "fix the config of the app", []],
    ["a1/b2.env", "a1 b2", []],
    ["Größe/.env", "die größe", ["größe"]],
  ])("%s, %s", (path, purpose, shared) => {
    const words = tellingWords(purpose);
    expect([...wordsOf(path)].filter((word) => words.has(word))).toEqual(shared);
  });

  it("of a name count as a whole", () => {
    expect(hasAll(wordsOf("SHOP_STAGING_TOKEN"), wordsOf("shop-staging"))).toBe(true);
    expect(hasAll(wordsOf("SHOP_TOKEN"), wordsOf("shop-staging"))).toBe(false);
    expect(hasAll(wordsOf("SHOP_TOKEN"), wordsOf("…"))).toBe(false);
  });
});

it.each([
  ["/home/me/.aws/credentials", true],
  ["/home/me/.netrc", true],
  ["/home/me/.ssh/id_ed25519", true],
  ["/home/me/.config/gh/hosts.yml", true],
  ["/home/me/.railway/config.json", true],
  ["/home/me/.docker/config.json", true],
  ["/home/me/.kube/config", true],
  ["/home/me/.pgpass", true],
  ["/home/me/.config/gcloud/application_default_credentials.json", true],
  ["/home/me/.zshrc", true],
  ["/home/me/.cargo/credentials.toml", true],
  ["/home/me/notes/.netrc", false],
  ["/home/me/.config/notes/tokens", false],
  ["/home/you/.netrc", false],
  ["/home/me/.env", false],
])("a store in the home: %s, %s", (file, is) => {
  expect(isHomeStore(file, "/home/me")).toBe(is);
});

it.each([
  ["/w/.env", true],
  ["/w/.env.local", true],
  ["/w/.envrc", true],
  ["/w/.dev.vars", true],
  ["/w/.npmrc", true],
  ["/w/.vercel/.env.preview", true],
  ["/w/pack/.env", true],
  ["/w/infra/.env", false],
  ["/w/.environment", false],
  ["/w/.env/x", false],
  ["/wx/.env", false],
])("a folder's own: %s, %s", (file, is) => {
  expect(isOwnStore(file, ["/w", "/w/pack"])).toBe(is);
});
