import { expect, test } from "vitest";
import { PlaceIndex } from "../../src/provenance/place-index.js";
import type { SeenFile } from "../../src/provenance/report.js";

const started = 1000;
const token = "00000000000a";
const password = "00000000000b";

function file(path: string, prints: readonly string[], times: Partial<SeenFile> = {}): SeenFile {
  return {
    ...{ file: path, size: 1, modified: 10, changed: 20, lengths: [13], ...times },
    found: prints.map((one, at) => ({ line: at + 1, key: "TOKEN", kind: "generic", fingerprints: [one] })),
  };
}

const place = (path: string, line = 1, more = {}) => ({
  ...{ file: path, line, kind: "generic", modified: 10, key: "TOKEN", ...more },
});

test("a credential is found by each of its forms, in each of its files", () => {
  const index = new PlaceIndex(started);
  const url = { line: 7, kind: "generic" as const, fingerprints: [token, password] };
  index.put({ ...file("/w/a", []), found: [url] });
  index.put(file("/w/b", ["00000000000c", password]));
  expect(index.find(password)).toEqual([
    { file: "/w/a", line: 7, kind: "generic", modified: 10 },
    place("/w/b", 2),
  ]);
  expect(index.find(token)).toHaveLength(1);
  expect(index.fingerprintsIn("/w/a")).toEqual([token]);
  expect(index.find("ffffffffffff")).toEqual([]);
});

test("what was moved or taken out keeps its first place, as gone; the copy is new", () => {
  const index = new PlaceIndex(started);
  index.put(file("/w/infra/.env", [token]));
  index.put(file("/w/.env", [token], { changed: 2000 }));
  index.empty("/w/infra/.env", { size: 0, modified: 2000, changed: 2000 });
  expect(index.find(token)).toEqual([
    place("/w/infra/.env", 1, { change: "gone" }),
    place("/w/.env", 1, { change: "new" }),
  ]);
  expect(index.fingerprintsIn("/w/infra/.env")).toEqual([]);
  // It is put back.
  index.put(file("/w/infra/.env", ["00000000000c", token], { changed: 3000 }));
  expect(index.find(token)).toEqual([place("/w/infra/.env", 2), place("/w/.env", 1, { change: "new" })]);
});

test("what the session made and took out again is forgotten", () => {
  const index = new PlaceIndex(started);
  index.put(file("/w/.env", [token], { changed: 2000 }));
  index.put(file("/w/.env", [password], { changed: 3000 }));
  expect(index.find(token)).toEqual([]);
  expect(index.find(password)).toEqual([place("/w/.env", 1, { change: "new" })]);
});

test("there is an end of what is kept, and it is told", () => {
  const index = new PlaceIndex(started);
  const prints = Array.from({ length: 200 }, (_, at) => at.toString(16).padStart(12, "0"));
  for (let at = 0; at < 100; at++) index.put(file(`/w/${at}`, prints));
  expect(index.isWhole).toBe(true);
  index.put(file("/w/last", ["ffffffffffff"]));
  expect(index.isWhole).toBe(false);
  expect(index.find("ffffffffffff")).toEqual([]);
});

test("a word is known again, and nothing else is taken for it", () => {
  const index = new PlaceIndex(started);
  const asked: string[] = [];
  const print = (value: string) => {
    asked.push(value);
    return value === "tok3n-1234567" || value === "p@ss:w0rd/abc" ? token : "ffffffffffff";
  };
  const line = `curl -d '{"t":"tok3n-1234567"}' https://me:tok3n-1234567@x.example --proxy p@ss:w0rd/abc thirteenchars`;
  expect(index.secretsIn(line, print)).toEqual([]);
  index.put(file("/w/a", [token]));
  expect(index.secretsIn(line, print).toSorted()).toEqual(["p@ss:w0rd/abc", "tok3n-1234567"]);
  expect(asked).not.toContain("thirteenchars");
  expect(asked.every((word) => word.length === 13)).toBe(true);
});
