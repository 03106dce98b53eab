import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// The native programs, as strictly as each compiler and analyser on this machine can look. Warnings are errors here alone: a
// newer compiler's new warning must not keep anybody from installing.
const shims = fileURLToPath(new URL("../../shims", import.meta.url));
const sources = readdirSync(shims).filter((name) => name.endsWith(".c"));

const common =
  "-std=c11 -O2 -D_FORTIFY_SOURCE=2 -Werror -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-align -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wswitch-enum -Wnull-dereference -Wdouble-promotion -Wunused-macros -Wimplicit-fallthrough";
const gcc = "-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init -Walloca -fanalyzer";
const clang = "-Wunreachable-code -Wassign-enum -Wloop-analysis -Wthread-safety";

/** What clang-tidy says beyond these is a finding. */
const passedOver = {
  "clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling":
    "wants memcpy_s and its like, which no libc here has",
  "bugprone-easily-swappable-parameters": "two numbers side by side are no fault",
  "bugprone-reserved-identifier": "_GNU_SOURCE is the name that the libc asks for",
  "cert-dcl37-c": "the same",
  "cert-dcl51-cpp": "the same",
  "cert-err33-c": "a line that cannot be printed has nobody left to tell; lengths that matter are looked at",
};
const tidy = [
  ...["-*", "clang-analyzer-*", "bugprone-*", "cert-*"],
  ...Object.keys(passedOver).map((check) => `-${check}`),
];

function has(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

function analyse(
  program: string,
  args: readonly string[],
): { readonly said: string; readonly status: number | null } {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: shims,
    encoding: "utf8",
    timeout: 120_000,
  });
  return {
    said: `${stdout}${stderr}`.replace(/^\d+ warnings? (?:generated|treated as errors?)\.\n/gm, ""),
    status,
  };
}

const gnu = "gcc";
const isGcc = /Free Software Foundation/.test(
  spawnSync(gnu, ["--version"], { encoding: "utf8" }).stdout ?? "",
);

describe.skipIf(!isGcc)("gcc, where it is installed", () => {
  it.each(sources)("%s", (source) => {
    const words = [...common.split(" "), ...gcc.split(" "), "-c", "-o", "/dev/null", source];
    expect(analyse(gnu, words)).toEqual({ said: "", status: 0 });
  });
});

describe.skipIf(!has("clang"))("clang, where it is installed", () => {
  it.each(sources)("%s", (source) => {
    const words = [...common.split(" "), ...clang.split(" "), "-c", "-o", "/dev/null", source];
    expect(analyse("clang", words)).toEqual({ said: "", status: 0 });
  });
});

it.skipIf(!has("clang-tidy"))(
  "clang-tidy, where it is installed",
  () => {
    const words = [
      "-quiet",
      "-warnings-as-errors=*",
      `-checks=${tidy.join(",")}`,
      ...sources,
      "--",
      "-std=c11",
    ];
    expect(analyse("clang-tidy", words)).toEqual({ said: "", status: 0 });
  },
  240_000,
);

it.skipIf(!has("cppcheck"))(
  "cppcheck, where it is installed",
  () => {
    const words = [
      "--enable=warning,style,performance,portability",
      "--inconclusive",
      "--inline-suppr",
      "--std=c11",
      "-q",
    ];
    // It knows C11's word for it only in a definition, and with any name defined it looks at no other system.
    const names = ["-D_Noreturn=__attribute__((noreturn))", "-D__linux__", "-D__x86_64__", "-D__LP64__"];
    const outcome = analyse("cppcheck", [...words, "--error-exitcode=1", ...names, ...sources]);
    expect(outcome).toEqual({ said: "", status: 0 });
  },
  240_000,
);
