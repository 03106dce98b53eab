import type { Judgement } from "./judgement.js";
import type { Preview } from "./preview.js";

/** What a manifest wants to be shown before something is lost: a backup that is young enough. */
export interface BackupWant {
  /** Absolute path of the manifest. */
  readonly manifest: string;
  /** Where the command is started. */
  readonly folder: string;
  /** A line for `sh`; what it prints is read as an age. */
  readonly evidence: string;
  /** Milliseconds. */
  readonly maxAge: number;
  /** The files that the command names, as they were when a person trusted the manifest; undefined: nobody did, so it is not run. */
  readonly trusted: readonly TrustedFile[] | undefined;
}

/** A file whose content a person has seen: with another one it is not trusted any more. */
export interface TrustedFile {
  /** Absolute. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
}

/** What was found of the backups that a judgement wants. */
export interface BackupFindings {
  /** One for each effect and backup. */
  readonly previews: readonly Preview[];
  /** Why it may not run, whoever is asked: a sentence, lower case, no full stop. Undefined: all of them are young enough, or could not be run for want of trust. */
  readonly missing: string | undefined;
}

/** Runs the evidence that manifests ask for, before anybody is asked about the loss. */
export interface BackupPort {
  /** Undefined, at once, where no backup is wanted. Never rejects. */
  look(judgement: Judgement): Promise<BackupFindings> | undefined;
}
