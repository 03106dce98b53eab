import { expect, test } from "vitest";
import { judgeExample } from "../example-judge.js";

// Where in the line each effect stands: what people see marked on a card and under `explain`. `…` for the whole line.
test.each<[line: string, parts: readonly string[]]>([
  ["ls; rm notes.txt", ["rm notes.txt"]],
  ["bash -c 'ls; rm notes.txt'", ["rm notes.txt"]],
  ["sudo bash -c 'bash -c \"ls; rm notes.txt\"'", ["rm notes.txt"]],
  // Twice the same text: which one is meant cannot be told.
  ["bash -c 'rm notes.txt' 'rm notes.txt'", ["…"]],
  // Put together by the shell: it stands nowhere as it runs.
  ["bash -c 'rm '\"notes.txt\"", ["…"]],
  ["ssh web1 'ls; rm -rf /srv/data'; ls", ["rm -rf /srv/data"]],
  ["env X=1 rm notes.txt; ls", ["env X=1 rm notes.txt"]],
  ["eval 'rm notes.txt'; ls", ["eval 'rm notes.txt'"]],
])("%s", async (line, parts) => {
  const { effects } = await judgeExample(line);
  const marked = effects
    .filter((effect) => effect.action === "delete")
    .map(({ span }) => (span === undefined ? undefined : line.slice(span.start, span.end)));
  expect(marked).toEqual(parts.map((part) => (part === "…" ? line : part)));
});
