import type { AlertSetting } from "./alert.js";
import type { NetSetting } from "./net-setting.js";
import type { SandboxSetting } from "./sandbox-setting.js";
import type { TrashSetting } from "./trash.js";

/** What the user's config says of sessions, next to rules. */
export interface SessionSettings {
  /** Whether a session without a terminal waits for `holdpoint approve`. */
  readonly approve: boolean;
  /** A program and its arguments, started when a question waits. */
  readonly notify: readonly string[] | undefined;
  /** Who is told of what at once. */
  readonly alerts: readonly AlertSetting[];
  /** Limits of what is kept for undo; undefined: what is deleted is gone. */
  readonly trash: TrashSetting | undefined;
  readonly net: NetSetting;
  readonly sandbox: SandboxSetting;
}
