import { lstatSync } from "node:fs";
import { type Found, scanFiles } from "../credentials/scan.js";
import { fingerprintOf } from "../model/fingerprint.js";
import { formsOf } from "./forms.js";
import { type LookJob, mostOfFile, type SeenCredential, type SeenFile } from "./report.js";

/**
 * The work of the looking process: files → lines for `readReport`. Values come no further than this. Resolves to whether
 * all was looked through; `isPassed`: what is not opened.
 */
export async function look(
  job: LookJob,
  isPassed: (path: string) => boolean,
  tell: (line: string) => void,
): Promise<void> {
  const end = Date.now() + job.budget;
  let complete = true;
  for (const { roots, since } of job.parts) {
    const budget = end - Date.now();
    if (budget <= 0) complete = false;
    if (budget <= 0 || roots.length === 0) continue;
    const scan = await scanFiles({
      ...{ roots, budget, skips: isPassed },
      ...(since === undefined ? {} : { since }),
    });
    complete &&= scan.complete;
    for (const [file, found] of byFile(scan.found))
      if (!isPassed(file)) tell(JSON.stringify(seen(file, found, job.salt)));
  }
  tell(JSON.stringify({ done: true, complete }));
}

function byFile(all: readonly Found[]): ReadonlyMap<string, readonly Found[]> {
  const files = new Map<string, Found[]>();
  for (const found of all) {
    const others = files.get(found.file);
    if (others === undefined) files.set(found.file, [found]);
    else if (others.length < mostOfFile) others.push(found);
  }
  return files;
}

function seen(file: string, found: readonly Found[], salt: string): SeenFile {
  const modified = found[0]?.modified ?? 0;
  const stat = lstatSync(file, { throwIfNoEntry: false });
  // Changed while it was read: a state that it will not be found in, so that it is looked at again.
  const isSame = stat !== undefined && stat.mtimeMs === modified;
  return {
    file,
    modified,
    size: isSame ? stat.size : -1,
    changed: stat?.ctimeMs ?? modified,
    lengths: [...new Set(found.flatMap(({ value }) => formsOf(value).map((form) => form.length)))],
    found: found.map(({ line, key, kind, value }): SeenCredential => {
      const fingerprints = formsOf(value).map((form) => fingerprintOf(form, salt));
      return { line, kind, fingerprints, ...(key !== undefined && isName(key, value) ? { key } : {}) };
    }),
  };
}

/** What stands before a `=` may be anything, a value as well. */
function isName(key: string, value: string): boolean {
  return /^[A-Za-z_][\w.-]{0,79}$/.test(key) && !key.includes(value);
}
