import { expect, test } from "vitest";
import type { Call } from "../../../src/model/call.js";
import { parallel } from "../../../src/readers/shell/parallel.js";
import { rustParallel } from "../../../src/readers/shell/parallel-rust.js";
import { fakeCall, fakeWorld } from "../fake-world.js";

const world = fakeWorld({ files: { "/w/list": "a\nb c\n", "/w/hosts": "# all\nweb1\n4/web2\n" } });
const piped = (text: string): Partial<Call> => ({ stdin: { kind: "text", text, from: "pipe" } });

/** A call → the lines that it starts, with the machine where it is another one. */
test.each<[string, readonly string[], Partial<Call>?]>([
  ["parallel rm ::: a b", ["rm a", "rm b"]],
  ["parallel rm {} {#} ::: a", ["rm a 1"]],
  ["parallel mv {} {.}.bak ::: d.x/a.txt", ["mv d.x/a.txt d.x/a.bak"]],
  ["parallel echo {/} {//} {/.} ::: d/a.txt", ["echo a.txt d a"]],
  ["parallel echo {1}-{2} ::: a b ::: 1 2", ["echo a-1", "echo a-2", "echo b-1", "echo b-2"]],
  ["parallel echo {2/} {-1} ::: a ::: d/b", ["echo b d/b"]],
  ["parallel echo {1} {2} ::: a b :::+ 1 2", ["echo a 1", "echo b 2"]],
  ["parallel --link echo {1} {2} ::: a b ::: 1 2", ["echo a 1", "echo b 2"]],
  ["parallel -N2 echo {1} {2} ::: a b c d", ["echo a b", "echo c d"]],
  ["parallel -X rm ::: a b", ["rm a b"]],
  ["parallel --colsep , echo {2} ::: a,b", ["echo b"]],
  ["parallel --header : echo {x} ::: x 1 2", ["echo 1", "echo 2"]],
  ["parallel -I% echo % ::: a", ["echo a"]],
  ["parallel --arg-sep ,, rm ,, a", ["rm a"]],
  ["parallel -a list rm", ["rm a", "rm 'b c'"]],
  ["parallel rm :::: list", ["rm a", "rm 'b c'"]],
  ["parallel -j 4 --joblog l --tagstring {} --results o rm ::: a", ["rm a"]],
  ["parallel ::: date uptime", ["date", "uptime"]],
  ["parallel", ["rm a", "rm b"], piped("rm a\nrm b\n")],
  ["parallel --pipe wc", ["wc"], piped("a\n")],
  ["parallel -S web1,: rm ::: a", ["web1: rm a", "rm a"]],
  ["parallel -S 8/dev@web1 --nonall uptime", ["web1: uptime"]],
  ["parallel --slf hosts rm ::: a", ["web1: rm a", "web2: rm a"]],
  ["sem -j 2 rm a", ["rm a"]],
  ["parset out rm ::: a", ["rm a"]],
  ["parallel --not-known 3 rm ::: a", ["3 rm a", "rm a"]],
  ["parallel --dry-run rm ::: a", []],
  ["parallel --version", []],
  ["sem --wait", []],
])("%s", (words, lines, more = {}) => {
  const { inner } = parallel.read(fakeCall(words, more), world);
  expect(
    inner.map((one) =>
      one.kind === "line" ? `${one.host === undefined ? "" : `${one.host.name}: `}${one.text}` : one.kind,
    ),
  ).toEqual(lines);
});

test("more jobs than can be looked at are bounded", () => {
  const many = Array.from({ length: 60 }, (_, at) => `x${at}`).join(" ");
  const { inner } = parallel.read(fakeCall(`parallel rm ::: ${many} ::: ${many} ::: ${many}`), world);
  expect(inner.length).toBeGreaterThan(0);
  expect(inner.length).toBeLessThanOrEqual(200);
});

test.each<[string, readonly string[], Partial<Call>?]>([
  ["rust-parallel rm ::: a b", ["rm a", "rm b"]],
  ["rust-parallel -j 4 rm -r", ["rm -r a b"], piped("a b\n")],
  ["rust-parallel -s ls", ["ls a"], piped("a\n")],
  ["rust-parallel --dry-run rm ::: a", []],
])("%s", (words, commands, more = {}) => {
  const { inner } = rustParallel.read(fakeCall(words, more), world);
  expect(inner.map((one) => (one.kind === "line" ? one.text : one.argv.join(" ")))).toEqual(commands);
});
