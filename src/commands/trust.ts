import { evidenceFiles } from "../backups/evidence-files.js";
import { manifestName } from "../model/manifest-name.js";
import { paint } from "../prompt/paint.js";
import { showUntrusted } from "../prompt/visible.js";
import { realpath } from "../world/file-system.js";
import { agrees } from "./agreement.js";
import { diffLines } from "./line-diff.js";
import { findTrust, forgetTrust, keptContent, rememberTrust, sha256, type Trust } from "./manifest-store.js";
import { manifestPath, readManifest } from "./manifests.js";
import { refuseOthers } from "./person.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";
import { looseningLines, visibleLines } from "./trust-words.js";
import { UsageError } from "./usage-error.js";

/**
 * A person looks at a manifest, and says that what it allows is meant; or takes that back. Status 0: it is so now; 1: the
 * person said no, or there is nothing to take back; 2: nobody is at a terminal; 126: from within a session. Throws UsageError
 * for a manifest that cannot be used.
 */
export async function trust(
  given: string | undefined,
  { revoke }: { readonly revoke: boolean },
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const refused = await refuseOthers("what a session may do is not said", places, terminal);
  if (refused !== undefined) return refused;
  const file = manifestPath(given ?? manifestName);
  return revoke ? takeBack(file, places, terminal) : say(file, places, terminal);
}

async function say(file: string, places: Places, terminal: Terminal): Promise<number> {
  const text = readManifest(file, true) ?? "";
  const { parseManifest } = await import("../scope/manifest.js");
  const parsed = parseManifest(text, file, { home: places.home, realpath });
  if (!parsed.ok) throw new UsageError([...parsed.problems.map(showUntrusted), "nothing was trusted"]);
  const before = findBefore(places, file);
  const hash = sha256(text);
  terminal.print(paint(showUntrusted(file), "bold", terminal.colour));
  for (const line of visibleLines(text)) terminal.print(`  ${line}`);
  terminal.print("");
  if (before?.sha256 === hash) {
    terminal.print(`trusted already, since ${before.time}`);
    return 0;
  }
  if (before !== undefined) printChange(before, file, text, places, terminal);
  for (const line of looseningLines(parsed.manifest)) terminal.print(line);
  const { folder, backups } = parsed.manifest;
  const evidence = backups.flatMap((one) => evidenceFiles(one.evidence, folder));
  for (const { path } of evidence)
    terminal.print(`trusted with it, as it is now, to be run outside of the session: ${showUntrusted(path)}`);
  if (!(await agrees("Trust this content? [y/N] "))) {
    terminal.error("nothing was trusted");
    return 1;
  }
  // What was shown is what is trusted: an edit that came meanwhile is another content.
  rememberTrust(places, { file, sha256: hash, time: new Date().toISOString(), evidence }, text);
  terminal.print("trusted, for sessions that begin from now on; a change of the file takes it back");
  return 0;
}

function findBefore(places: Places, file: string): Trust | undefined {
  try {
    return findTrust(places, file);
  } catch {
    // A broken record is replaced by this one.
    return undefined;
  }
}

function printChange(
  { sha256: hash, time }: Trust,
  file: string,
  text: string,
  places: Places,
  terminal: Terminal,
): void {
  terminal.print(`Another content was trusted here, at ${time}. What has changed since:`);
  let old: string;
  try {
    old = keptContent(places, hash, file);
  } catch {
    terminal.print("  (the former content is gone)");
    return;
  }
  const rows = diffLines(visibleLines(old).join("\n"), visibleLines(text).join("\n"));
  for (const { sign, text: line } of rows) terminal.print(`  ${sign} ${line}`.trimEnd());
  terminal.print("");
}

async function takeBack(file: string, places: Places, terminal: Terminal): Promise<number> {
  const before = findBefore(places, file);
  terminal.print(
    before === undefined
      ? `${showUntrusted(file)}: nothing that can be read was trusted here`
      : `${showUntrusted(file)}: trusted at ${before.time}`,
  );
  terminal.print("Taken back, what was trusted there neither allows anything nor goes on holding.");
  terminal.print("What the file itself says then holds as for any that nobody trusted: it tightens.");
  if (!(await agrees("Take it back? [y/N] "))) {
    terminal.error("nothing was taken back");
    return 1;
  }
  if (forgetTrust(places, file)) {
    terminal.print("taken back, for sessions that begin from now on");
    return 0;
  }
  terminal.error(`${file} was not trusted (holdpoint trust --list shows what is)`);
  return 1;
}
