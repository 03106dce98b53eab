import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const cli = join(root, "bin", "holdpoint.js");

/**
 * What every measure is given: folders of its own (`work` is nothing temporary to the guard), the way to run a program bare or
 * held, and how much of it is wanted. `short` is the form for CI.
 */
export function openContext({ short = false, lines } = {}) {
  const home = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const work = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
  const env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", CI: "true" };
  const run = (program, args, { cwd = work, input = "", more = {} } = {}) => {
    mkdirSync(cwd, { recursive: true });
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd,
      env: { ...env, ...more },
      encoding: "utf8",
      input,
      maxBuffer: 1 << 30,
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: status ${status}\n${stderr}`);
    return stdout;
  };
  return {
    home,
    work,
    env,
    lines,
    short,
    rounds: short ? 3 : 5,
    run,
    held: (command, options) => run(process.execPath, [cli, "run", "-q", "--", ...command], options),
    close: () => {
      for (const folder of [home, work]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Milliseconds of one run. */
export function clock(work) {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Bare and guarded by turns, so that a slow minute of the machine slows both: milliseconds of each. */
export function byTurns(rounds, bare, guarded) {
  const times = { bare: [], guarded: [] };
  for (let i = 0; i < rounds; i++) {
    times.bare.push(clock(bare));
    times.guarded.push(clock(guarded));
  }
  return times;
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}

/** The median of the ratios of each turn. */
export function ratioOf({ bare, guarded }) {
  return round(median(guarded.map((one, i) => one / bare[i])));
}
