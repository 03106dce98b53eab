// node bench/prompts.js [--json]: what a line at a terminal costs, from Enter to the next prompt, in a bare bash and in a guarded one,
// by turns. Needs a build.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as pty from "@lydell/node-pty";
import { printed } from "./table.js";

const cli = join(dirname(fileURLToPath(import.meta.url)), "..", "bin", "holdpoint.js");
const home = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
const work = join(home, "work");
const prompt = "ready>";
const lines = ["true", "cd .", "ls", "for i in 1 2 3; do true; done"];
const rounds = 60;

mkdirSync(work);
writeFileSync(
  join(home, ".bashrc"),
  `PS1="ready>"\nHISTCONTROL=ignoreboth\nbind 'set enable-bracketed-paste off'\n`,
);
try {
  const bare = await open("/bin/bash", []);
  const guarded = await open(process.execPath, [cli, "run", "-q", "--mode", "deny", "--", "bash"]);
  const results = [];
  for (const line of lines) {
    const times = { bare: [], guarded: [] };
    for (let i = 0; i < rounds; i++) {
      times.bare.push(await bare.time(line));
      times.guarded.push(await guarded.time(line));
    }
    const [one, other] = [median(times.bare), median(times.guarded)];
    results.push(
      { name: `a prompt after ${line}, bare`, value: one, unit: "ms" },
      { name: `a prompt after ${line}, added`, value: round(other - one), unit: "ms", aim: { atMost: 10 } },
    );
  }
  bare.kill();
  guarded.kill();
  console.log(process.argv.includes("--json") ? JSON.stringify(results, undefined, 1) : printed(results));
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
}

/** A shell in a terminal of its own; resolves at its first prompt. */
async function open(program, args) {
  const env = { PATH: process.env.PATH, HOME: home, TERM: "dumb", SHLVL: "1", LANG: "C.UTF-8" };
  const child = pty.spawn(program, args, { cols: 100, rows: 30, cwd: work, env });
  let onPrompt = () => {};
  child.onData((data) => {
    if (data.includes(prompt)) onPrompt();
  });
  const prompted = () =>
    new Promise((resolve) => {
      onPrompt = () => resolve(process.hrtime.bigint());
    });
  await prompted();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    async time(line) {
      child.write(line);
      await new Promise((resolve) => setTimeout(resolve, 15));
      const shown = prompted();
      const start = process.hrtime.bigint();
      child.write("\r");
      return Number((await shown) - start) / 1e6;
    },
    kill: () => child.kill("SIGKILL"),
  };
}

function median(values) {
  return round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]);
}

function round(value) {
  return Math.round(value * 100) / 100;
}
