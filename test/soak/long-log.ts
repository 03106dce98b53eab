import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { formatHead, hashRecord, headPath, noRecord } from "../../src/audit/chain.js";
import { logFileName } from "../../src/audit/files.js";

/** Writes a log of that many bytes, as a session of many calls leaves it: chained, with its head. Its path, and how many records. */
export function writeLongLog(
  folder: string,
  session: string,
  bytes: number,
): { readonly path: string; readonly records: number } {
  mkdirSync(folder, { recursive: true });
  const started = Date.parse("2026-01-31T09:30:00.123Z");
  const path = join(folder, logFileName(session, new Date(started)));
  const file = openSync(path, "w", 0o600);
  let prev = noRecord;
  let seq = 0;
  let size = 0;
  const write = (body: object): string => {
    const line = JSON.stringify({ seq, time: new Date(started + seq).toISOString(), session, ...body, prev });
    prev = hashRecord(line);
    seq += 1;
    return `${line}\n`;
  };
  let chunk = write({ event: "session.start", argv: ["codex"], cwd: "/home/ann/work", pid: 4242 });
  while (size + chunk.length < bytes) {
    const target = `/home/ann/work/src/part-${seq % 997}/file-${seq}.ts`;
    const isDenied = seq % 1000 === 999;
    chunk += write({
      ...{
        event: "exec",
        argv: ["rm", "-rf", target],
        program: "/usr/bin/rm",
        cwd: "/home/ann/work",
        pid: 4243,
      },
      verdict: isDenied ? "deny" : "allow",
      effects: [{ tool: "rm", action: "delete", target, because: "tracked by git, with these very bytes" }],
      matches: [],
      ...(isDenied ? { reason: "a rule forbids it" } : {}),
    });
    if (chunk.length < 1 << 20) continue;
    size += writeSync(file, chunk);
    chunk = "";
  }
  writeSync(file, chunk + write({ event: "session.end", status: 0 }));
  closeSync(file);
  writeFileSync(headPath(path), formatHead(seq - 1, prev), { mode: 0o600 });
  return { path, records: seq };
}
