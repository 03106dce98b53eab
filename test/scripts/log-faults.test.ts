import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// What lies below the log fails in mid-session, is mended, and the session goes on.

let place: Place;
let state: string;

beforeEach(async () => {
  place = await makePlace();
  state = join(place.base, "state");
  for (const folder of [state, join(place.workspace, "marks")]) mkdirSync(folder);
});

afterEach(() => place.remove());

const wait = (name: string) => `until [ -e marks/${name} ]; do /bin/sleep 0.05; done`;

/** Calls until one is refused; once it is mended, two more. */
const agent = `
: > marks/ready; ${wait("broken")}
n=0; s=0; while [ $s = 0 ] && [ $n -lt 400 ]; do rm -f none 2> marks/said; s=$?; n=$((n+1)); done; echo "refused with $s"
: > marks/refused; ${wait("mended")}
rm -f none; echo "then $?"; rm -f none; echo "and $?"
`;

function run(damage: string, mend: string): Promise<Outcome> {
  writeFileSync(join(place.workspace, "agent.sh"), agent);
  const holdpoint = `${process.execPath} ${cli}`;
  const script = `
mount -t tmpfs -o size=128k,mode=700 none ${state}; S=${state}
${holdpoint} run -q -- sh agent.sh & session=$!
${wait("ready")}; ${damage}; : > marks/broken
${wait("refused")}; ${mend}; : > marks/mended
wait $session; echo "ended with $?"
${holdpoint} log verify; echo "verified $?"
${holdpoint} log --json | grep '"alert"'`;
  const env = { ...place.env, XDG_STATE_HOME: state };
  return execute("unshare", ["-m", "bash", "-c", script], { cwd: place.workspace, env, limit: 90_000 });
}

const canMount = (): boolean => {
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

test.skipIf(!canMount())(
  "the disk is full: a call is refused and told what to do; once there is room calls go on by themselves",
  async () => {
    const { stdout, stderr } = await run(
      "head -c 1000000 /dev/zero > $S/filler 2> /dev/null",
      "rm $S/filler",
    );
    const said = readFileSync(join(place.workspace, "marks", "said"), "utf8");
    expect(said).toContain("holdpoint: denied");
    expect(said).toContain("Its disk is full");
    expect(said).toContain("the next call goes on by itself");
    expect(stdout).toContain("refused with 126\nthen 0\nand 0\nended with 0\n");
    expect(stdout).toMatch(/: whole, \d+ records\n(?:.*\n)*verified 0\n/);
    // Once, and not for each call.
    expect(stdout.match(/can be written again; before, 1 record was refused/g)).toHaveLength(1);
    expect(stderr).toBe("");
  },
  120_000,
);

test.each([
  ["the log", "rm $S/holdpoint/sessions/*.jsonl"],
  ["its whole folder", "rm -r $S/holdpoint/sessions"],
])(
  "%s is deleted by somebody outside: put back before the next call that gates something, told of, and nothing is lost",
  async (_, damage) => {
    writeFileSync(
      join(place.workspace, "agent.sh"),
      `: > marks/ready; ${wait("broken")}; rm -rf "$(cat marks/broken)"; echo "refused with $?"; rm -f none; echo "then $?"`,
    );
    writeFileSync(join(place.outside, "file"), "stays");
    const script = `
S=${state}; ${process.execPath} ${cli} run -q --mode deny -- sh agent.sh & session=$!
${wait("ready")}; ${damage}; echo ${place.outside} > marks/new; mv marks/new marks/broken
wait $session; echo "ended with $?"
${process.execPath} ${cli} log verify; echo "verified $?"
${process.execPath} ${cli} log --json`;
    const env = { ...place.env, XDG_STATE_HOME: state };
    const { stdout, stderr } = await execute("bash", ["-c", script], {
      ...{ cwd: place.workspace, env, limit: 90_000 },
    });
    expect(stdout).toContain("refused with 126\nthen 0\nended with 0\n");
    expect(stdout).toMatch(/: whole, \d+ records; 1 of them tell.*\nverified 0\n/);
    expect(stdout).toMatch(
      /"event":"alert","reason":"the audit log was changed.* was deleted or moved away, and put back/,
    );
    expect(stdout).toContain('"event":"session.start"');
    expect(stderr).toContain("holdpoint: denied");
  },
  120_000,
);
