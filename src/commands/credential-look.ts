import { look } from "../provenance/looker.js";
import { type LookJob, readJob } from "../provenance/report.js";
import { compileGlobs, findGlob, isWithin } from "../scope/globs.js";
import { lstat, realpath } from "../world/file-system.js";

/** The job on stdin, done; its lines on stdout. Rejects for a job that is none. */
export async function scanFromInput(): Promise<void> {
  const job = readJob(await firstLine());
  await look(job, passing(job), (line) => process.stdout.write(`${line}\n`));
  await new Promise((resolve) => process.stdout.write("", resolve));
}

function firstLine(): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\n")) resolve(text);
    });
  });
}

/** What a manifest never lets anybody read is not opened here either, under whatever name. */
function passing({ never, passed, home }: LookJob): (path: string) => boolean {
  const user = { uid: process.getuid?.() ?? 0, home, homeOf: () => undefined };
  const globs = never.flatMap((one) => compileGlobs(one.globs, one.folder, { lstat, realpath, user }));
  const isPassed = (path: string) =>
    passed.some((folder) => isWithin(path, folder)) || findGlob(globs, path) !== undefined;
  return (path) => isPassed(path) || (globs.length > 0 && isLink(path) && isPassed(realpath(path)));
}

function isLink(path: string): boolean {
  const stat = lstat(path);
  return stat.exists && stat.kind === "symlink";
}
