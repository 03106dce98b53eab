import { basename } from "node:path";
import type { BackupFindings, BackupPort, BackupWant } from "../model/backup.js";
import type { Judgement } from "../model/judgement.js";
import type { Preview } from "../model/preview.js";
import { ageWords, parseAge } from "./age.js";
import { copyTrusted } from "./evidence-files.js";
import { runEvidence } from "./run-evidence.js";

export interface BackupsOptions {
  /** The person's own environment, as it was before the session: the evidence is theirs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** Absolute path of a folder that nobody but the guard writes to. */
  readonly scratch: string;
  /** Milliseconds that a command may take. */
  readonly patience?: number;
}

type Checked =
  | { readonly kind: "fresh"; readonly row: string }
  | { readonly kind: "missing"; readonly row: string }
  /** Nobody trusted the command: the human is told, and decides. */
  | { readonly kind: "unchecked"; readonly row: string };

/** Runs the evidence commands of trusted manifests, when a human is about to be asked about what they are for. */
export function openBackups(options: BackupsOptions): BackupPort {
  const running = new Map<string, Promise<Checked>>();
  /** The same command for several effects, or several calls at once, runs once. */
  const check = (want: BackupWant): Promise<Checked> => {
    const key = JSON.stringify([want.folder, want.evidence, want.maxAge]);
    const known = running.get(key);
    if (known !== undefined) return known;
    const work = checkOne(want, options).finally(() => running.delete(key));
    running.set(key, work);
    return work;
  };
  return {
    look(judgement) {
      const wants = wantsOf(judgement);
      return wants.length === 0 ? undefined : findings(wants, check, options.now);
    },
  };
}

interface Wanted {
  readonly at: number;
  readonly want: BackupWant;
}

function wantsOf({ effects }: Judgement): readonly Wanted[] {
  return effects.flatMap((effect, at) => (effect.wantsBackup ?? []).map((want) => ({ at, want })));
}

async function findings(
  wants: readonly Wanted[],
  check: (want: BackupWant) => Promise<Checked>,
  now: () => number,
): Promise<BackupFindings> {
  const started = now();
  const all = await Promise.all(
    wants.map(async ({ at, want }) => ({ at, want, checked: await check(want) })),
  );
  const tookMs = now() - started;
  const missing = all.find(({ checked }) => checked.kind === "missing");
  return {
    previews: all.map(
      ({ at, checked }): Preview => ({
        effect: at,
        kind: "backup",
        state: checked.kind === "fresh" ? "found" : "failed",
        rows: [checked.row],
        tookMs,
      }),
    ),
    missing:
      missing === undefined
        ? undefined
        : `${basename(missing.want.manifest)} wants a backup no older than ${ageWords(missing.want.maxAge)}: ${missing.checked.row}`,
  };
}

async function checkOne(
  want: BackupWant,
  { env, now, scratch, patience = 10_000 }: BackupsOptions,
): Promise<Checked> {
  const { trusted, evidence, folder, maxAge, manifest } = want;
  if (trusted === undefined)
    return {
      kind: "unchecked",
      row: `no backup was looked for: nobody trusted ${basename(manifest)}, so its command is not run (${evidence})`,
    };
  const ready = copyTrusted(want, trusted, scratch);
  if (!ready.ok)
    return {
      kind: "missing",
      row: `"${ready.changed}" is not what was trusted, so it was not run; a person looks at it, and then: holdpoint trust ${manifest}`,
    };
  const ran = await runEvidence({ evidence: ready.line, folder, env, patience }).finally(ready.drop);
  if (!ran.ok) return { kind: "missing", row: `"${evidence}" ${ran.reason}` };
  const age = parseAge(ran.out, now());
  if (age === undefined)
    return {
      kind: "missing",
      row: `"${evidence}" printed no age, as 3h, 1d 4h, seconds or a date with its zone would be`,
    };
  // Two clocks differ by a little.
  if (age < -300_000)
    return { kind: "missing", row: `"${evidence}" says that the backup lies in the future` };
  const words = `the last backup is ${ageWords(age)} old`;
  return age > maxAge
    ? { kind: "missing", row: `${words} (${evidence})` }
    : { kind: "fresh", row: `${words}, of at most ${ageWords(maxAge)} (${evidence})` };
}
