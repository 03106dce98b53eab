import { expect, test } from "vitest";
import { redactQuestion } from "../../src/prompt/redacted.js";
import { fileDelete, judged } from "../broker/fakes.js";

const redact = (text: string): string => text.replaceAll("s3cret-value", "‹redacted›");

test("no secret leaves, marks follow their text, what is typed stays", () => {
  const text = "TOKEN=s3cret-value rm /srv/s3cret-value; rm /srv/b";
  const marked = [
    fileDelete("/srv/s3cret-value", { span: { start: 19, end: 39 }, among: ["/srv/s3cret-value"] }),
    fileDelete("/srv/b", { span: { start: 41, end: 50 }, because: "holds s3cret-value" }),
  ];
  const previews = {
    found: [{ effect: 0, kind: "sql", state: "found", rows: ["s3cret-value rows"], tookMs: 1 } as const],
    isLooking: false,
  };
  const question = {
    id: "q1",
    session: "abcdefg",
    label: "agent",
    items: [{ text, cwd: "/home/s3cret-value", callers: 1, judgement: judged("ask", marked), previews }],
    refusedBefore: 0,
    typed: "/srv/b",
    deadline: 1,
  };
  const shown = redactQuestion(question, redact);
  expect(JSON.stringify(shown)).not.toContain("s3cret");
  expect(shown.typed).toBe("/srv/b");
  const [item] = shown.items;
  expect(item?.previews?.found[0]?.rows).toEqual(["‹redacted› rows"]);
  expect(item?.text).toBe("TOKEN=‹redacted› rm /srv/‹redacted›; rm /srv/b");
  expect(item?.judgement.effects.map(({ span }) => span && item.text.slice(span.start, span.end))).toEqual([
    "rm /srv/‹redacted›",
    "rm /srv/b",
  ]);
});
