import type { AlertSetting } from "../model/alert.js";
import { type TrashSetting, usualTrash } from "../model/trash.js";

/** What the user's config says of sessions, next to rules. */
export interface Settings {
  /** Absolute paths of the config and what it includes: an agent must not touch them. */
  readonly files: readonly string[];
  /** Milliseconds to wait for a human, where the user's config says so. */
  readonly timeout: number | undefined;
  /** Whether a session without a terminal waits for `holdpoint approve`. */
  readonly approve: boolean;
  /** A program and its arguments, started when a question waits. */
  readonly notify: readonly string[] | undefined;
  /** Who is told at once of what happens. */
  readonly alerts: readonly AlertSetting[];
  /** Limits of what is kept for undo; undefined: nothing is. */
  readonly trash: TrashSetting | undefined;
}

export const withoutConfig: Settings = {
  files: [],
  timeout: undefined,
  approve: false,
  notify: undefined,
  alerts: [],
  trash: usualTrash,
};
