import { usualNet } from "../model/net-setting.js";
import { usualSandbox } from "../model/sandbox-setting.js";
import type { SessionSettings } from "../model/session-settings.js";
import { usualTrash } from "../model/trash.js";

/** As a session goes by it. */
export interface Settings extends SessionSettings {
  /** Absolute paths of the config and what it includes: an agent must not touch them. */
  readonly files: readonly string[];
  /** Milliseconds to wait for a human, where the user's config says so. */
  readonly timeout: number | undefined;
}

export const withoutConfig: Settings = {
  files: [],
  timeout: undefined,
  approve: false,
  notify: undefined,
  alerts: [],
  trash: usualTrash,
  net: usualNet,
  sandbox: usualSandbox,
};
