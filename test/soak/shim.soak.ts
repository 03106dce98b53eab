import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { buildTarget, canSanitize, dictionaryOf, targets } from "../shims/fuzz.js";

// libFuzzer on the native programs: ten minutes each, times HOLDPOINT_SOAK. What it finds goes into test/shims/fuzz/corpus.
const seconds = Math.ceil(600 * Number(process.env["HOLDPOINT_SOAK"] ?? "1"));
const dir = mkdtempSync(join(tmpdir(), "hp-fuzz-"));
const corpora = fileURLToPath(new URL("../shims/fuzz/corpus", import.meta.url));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Distributions name it by its version, and not always without. */
const clang = ["clang", ...[21, 20, 19, 18, 17, 16, 15, 14].map((version) => `clang-${version}`)].find(
  (name) => canSanitize(name, true),
);

describe.skipIf(clang === undefined)("libFuzzer, where clang has it", () => {
  it.each(targets)("%s", async (target) => {
    const program = buildTarget(target, clang ?? "clang", dir, true);
    const corpus = join(dir, `${target}-corpus`);
    mkdirSync(corpus);
    cpSync(join(corpora, target), corpus, { recursive: true });
    const limits = [`-max_total_time=${seconds}`, "-timeout=20", "-rss_limit_mb=2000", "-max_len=4096"];
    const words = [
      ...limits,
      `-artifact_prefix=${dir}/found-`,
      "-print_final_stats=1",
      ...dictionaryOf(target),
    ];
    const { status, said } = await run(program, [...words, corpus]);
    const found = readdirSync(dir).filter((name) => name.startsWith("found-"));
    const executed = /stat::number_of_executed_units: (\d+)/.exec(said)?.[1];
    const covered = [...said.matchAll(/cov: (\d+)/g)].at(-1)?.[1];
    console.log(
      `shim ${target}: ${executed} executions in ${seconds} s, ${covered} edges, ${found.length} findings`,
    );
    const shown = found.map((name) => readFileSync(join(dir, name)).toString("base64"));
    expect({ status, found: shown, said: status === 0 ? "" : said.slice(-4000) }).toEqual({
      status: 0,
      found: [],
      said: "",
    });
  });
});

function run(
  program: string,
  words: readonly string[],
): Promise<{ readonly status: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-100_000);
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, said }));
  });
}
