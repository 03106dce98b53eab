import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("fuzz", import.meta.url));

/** What the broker sends; what a caller gives; what the terminal's shell reads; who asks for programs, and when. */
export const targets = ["replies", "calls", "words", "releases"] as const;
export type Target = (typeof targets)[number];

/** A C compiler that can build with the sanitizers; `engine`: libFuzzer, else our own driver. */
export function canSanitize(compiler: string, engine = false): boolean {
  const kinds = engine ? "fuzzer,address,undefined" : "address,undefined";
  const source = engine
    ? "int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n > 1 ? 0 : 0; }"
    : "int main(void) { return 0; }";
  const words = [`-fsanitize=${kinds}`, "-x", "c", "-", "-o", "/dev/null"];
  return spawnSync(compiler, words, { input: source, timeout: 60_000 }).status === 0;
}

/** Builds a target. Returns the program's path. */
export function buildTarget(target: Target, compiler: string, into: string, engine = false): string {
  const program = join(into, target);
  const kinds = `-fsanitize=${engine ? "fuzzer," : ""}address,undefined`;
  const sources = [`${target}.c`, ...(engine ? [] : ["driver.c"])];
  const words = ["-std=c11", "-g", "-O1", "-Wno-unused-value", kinds, "-fno-sanitize-recover=all"];
  const made = spawnSync(compiler, [...words, "-o", program, ...sources], { cwd: folder, encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return program;
}

export function corpusOf(target: Target): readonly string[] {
  const corpus = join(folder, "corpus", target);
  return readdirSync(corpus).map((name) => join(corpus, name));
}

export function dictionaryOf(target: Target): readonly string[] {
  const path = join(folder, `${target}.dict`);
  return existsSync(path) ? [`-dict=${path}`] : [];
}
