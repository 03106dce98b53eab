import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isKnown, showArg } from "../src/model/arg.js";
import type { JudgedCall } from "../src/model/judgement.js";
import { judgeExample } from "./example-judge.js";

// Of the real lines, those that only read by a list that knows nothing of readers: of a thousand, one may be asked about.
const reads = new Set(
  (
    "ls cat head tail less more grep egrep fgrep zgrep rg wc sort uniq cut tr nl od tac rev column comm diff cmp join paste fold fmt " +
    "pr expand echo printf true false test [ [[ : pwd cd date cal who whoami id groups hostname uname uptime df du free ps top pstree " +
    "pgrep lsof netstat ss ifconfig ping dig host nslookup traceroute file stat readlink realpath basename dirname find locate which " +
    "whereis type man help history seq bc expr md5sum sha1sum sha256sum cksum sum zcat bzcat xzcat strings hexdump xxd tree jobs env " +
    "printenv locale getconf nproc lscpu lsblk mount ldd nm objdump tty stty set read let shopt export local declare unset return " +
    "sleep wait yes look last w finger quota umask alias dirs pushd popd split-string xargs awk gawk sed time nice command"
  ).split(" "),
);
const acts =
  /^(-delete|-exec|-execdir|-ok|-okdir|-fprint.*|-fls|-i.*|--in-place.*|-o|-s|--set.*|-f|-g|-c|--compress-program.*)$/;
const acting = new Set([
  "find",
  "sed",
  "date",
  "hostname",
  "sort",
  "tail",
  "less",
  "xxd",
  "tree",
  "history",
  "mount",
  "stty",
  "ifconfig",
]);

function isRead({ tool, argv, redirects }: JudgedCall): boolean {
  if (!isKnown(tool) || !reads.has(tool)) return false;
  if (
    redirects.some(
      (one) =>
        one.operator !== "<" && !/^(\/dev\/null|&?\d+)$/.test("target" in one ? showArg(one.target) : ""),
    )
  )
    return false;
  const words = argv.slice(1).map(showArg);
  if (/^(awk|gawk)$/.test(tool)) return !words.some((word) => /system|getline|[|>]/.test(word));
  if (tool === "sed")
    return !words.some((word) => /^-\w*i|--in-place|[;{/\d]\s*[ewW]\b|\/[gp]*[ew]/.test(word));
  return !acting.has(tool) || !words.some((word) => acts.test(word));
}

test("lines of the corpus that only read are not asked about", { timeout: 120_000 }, async () => {
  const lines = readFileSync(new URL("expand/nl2bash.txt", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  const asked: string[] = [];
  let count = 0;
  for (const line of lines) {
    const { calls, errors, verdict } = await judgeExample(line);
    if (calls.length === 0 || errors.length > 0 || !calls.every(isRead)) continue;
    count += 1;
    if (verdict !== "allow") asked.push(line);
  }
  expect(count).toBeGreaterThan(6000);
  expect({ asked, share: asked.length / count < 0.001 }).toEqual({ asked, share: true });
});
