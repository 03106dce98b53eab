import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../scripts/session.js";
import type { Internet } from "./internet.js";

/** Started by Python from a list, so that no text of a shell tells what they do. */
const driver = `
import json, subprocess
out = []
for words in json.load(open("calls.json")):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=40)
        out.append([done.returncode, (done.stdout + done.stderr).decode("utf8", "replace")[:3000]])
    except Exception as cause:
        out.append([-1, repr(cause)])
json.dump(out, open("results.json", "w"))
`;

/** Each of the calls in one session; what it printed, with its status. */
export async function inSession(
  place: Place,
  internet: Internet,
  flags: readonly string[],
  calls: readonly (readonly string[])[],
): Promise<readonly (readonly [number, string])[]> {
  const results = join(place.workspace, "results.json");
  writeFileSync(join(place.workspace, "drive.py"), driver);
  writeFileSync(join(place.workspace, "calls.json"), JSON.stringify(calls));
  const outcome = await place.run({
    flags: ["-q", ...flags, "--mode", "deny"],
    command: ["/usr/bin/python3", "drive.py"],
    env: { ...internet.env, AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "example" },
    limit: 30_000 + 45_000 * calls.length,
  });
  if (!existsSync(results)) throw new Error(`the session made no results: ${outcome.stderr}`);
  const found: readonly (readonly [number, string])[] = JSON.parse(readFileSync(results, "utf8"));
  rmSync(results);
  return found;
}
