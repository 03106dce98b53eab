import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuthority } from "../../src/net/authority.js";

const day = 24 * 60 * 60 * 1000;

test.each([
  ["api.example.com", "-verify_hostname"],
  [`${"long.".repeat(20)}example.com`, "-verify_hostname"],
  ["192.0.2.7", "-verify_ip"],
  ["2001:db8::7", "-verify_ip"],
])("OpenSSL takes it for %s, as strictly as it can be", async (host, option) => {
  const folder = mkdtempSync("/var/tmp/holdpoint-net-");
  const authority = await openAuthority();
  const { cert } = await authority.identityFor(host);
  const [root, leaf] = [join(folder, "root.pem"), join(folder, "leaf.pem")];
  writeFileSync(root, authority.certificate);
  writeFileSync(leaf, cert);
  const words = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", root, option, host, leaf];
  expect(execFileSync("openssl", words, { encoding: "utf8" })).toContain("OK");
  rmSync(folder, { recursive: true, force: true });
});

test("it is valid for a day, signs for servers and no further authority, and keeps one identity a name", async () => {
  const now = Date.now();
  const authority = await openAuthority(now);
  const root = new X509Certificate(authority.certificate);
  expect(root.ca).toBe(true);
  expect(Date.parse(root.validTo) - now).toBeLessThanOrEqual(day);
  const one = await authority.identityFor("a.example.com");
  expect(new X509Certificate(one.cert).ca).toBe(false);
  expect(await authority.identityFor("a.example.com")).toBe(one);
  const other = new X509Certificate((await authority.identityFor("b.example.com")).cert);
  expect(other.serialNumber).not.toBe(new X509Certificate(one.cert).serialNumber);
});

test("two sessions trust nothing of each other", async () => {
  const [one, other] = await Promise.all([openAuthority(), openAuthority()]);
  const leaf = new X509Certificate((await one.identityFor("a.example.com")).cert);
  expect(leaf.verify(new X509Certificate(one.certificate).publicKey)).toBe(true);
  expect(leaf.verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
});
