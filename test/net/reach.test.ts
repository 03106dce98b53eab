import { expect, test } from "vitest";
import { bentPorts, confined, reachSetting } from "../../src/net/reach.js";

const login = Buffer.from("secret:token").toString("base64");

test.each([
  [[], "80,443,5432,6543", "0"],
  [["db.example.com", "db.example.com:5433/app", "[2001:db8::1]:5434"], "80,443,5432,6543,5433,5434", "0"],
  [["localhost:15432/app", "127.0.0.1", "[::1]:5435"], "80,443,5432,6543", "15432,5432,5435"],
  // A name of a database wherever it lies.
  [["/app"], "80,443,5432,6543", "0"],
])("the ports of %j", (databases, far, near) => {
  const ports = bentPorts(databases);
  const setting = reachSetting(4000, "secret", ports, false, "token");
  expect(setting).toBe(`4000 ${login} ${far} ${near}`);
  expect(confined(setting)).toBe(`${setting} only`);
  expect(reachSetting(4000, "secret", ports, true, "token")).toBe(`${setting} inside`);
});
