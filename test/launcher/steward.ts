import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { canSanitize } from "../shims/fuzz.js";

/** Compiles the steward into a folder, with what finds wrong memory where the compiler has it. */
export function buildSteward(folder: string): string {
  const program = join(folder, "steward");
  const flags = canSanitize("cc") ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] : [];
  const sources = ["steward.c", "steward-folders.c", "steward-left.c"].map((name) =>
    join(import.meta.dirname, "../../shims", name),
  );
  execFileSync("cc", ["-std=c11", "-g", ...flags, "-o", program, ...sources]);
  return program;
}
