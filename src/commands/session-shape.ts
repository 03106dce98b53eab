import type { Broker } from "../broker/broker.js";
import type { Mode } from "../broker/decision.js";
import type { Links } from "../launcher/links.js";
import type { Sandbox } from "../launcher/sandbox.js";
import type { SessionDirectory } from "../launcher/session-dir.js";
import type { Asker } from "../model/question.js";
import type { AuditRecord } from "../model/record.js";
import type { TrashSetting } from "../model/trash.js";
import type { Held } from "./manifests.js";
import type { Places } from "./places.js";

export interface SessionOptions {
  readonly command: readonly string[];
  /** Undefined where nobody is at a terminal: then the config says whether somebody may answer from elsewhere. */
  readonly mode: Mode | undefined;
  readonly config?: string;
  /** One more manifest. */
  readonly scope?: string;
  readonly timeout?: number;
  readonly name?: string;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly asker: Asker | undefined;
  /** HTTP of every client is judged, too. */
  readonly net?: boolean;
  /** The command sees a machine of its own. */
  readonly sandbox?: boolean;
  /** SHLVL is left as it is, even unset. */
  readonly keepsLevel?: boolean;
  /** The command is a bash that would take itself for one started by ssh, and read ~/.bashrc. */
  readonly isRemote?: boolean;
  /** Hears of each record of the log, once it is written. */
  readonly onRecord?: (record: AuditRecord) => void;
  /** Ends the command: somebody asked for it by `holdpoint end`, or nothing guards it any more. */
  readonly stop: () => void;
  /** Tells whoever is at the terminal, where that disturbs no program's screen. */
  readonly say?: (line: string) => void;
}

/** A session that is ready: nothing of it runs yet. */
export interface Session {
  readonly id: string;
  readonly mode: Mode;
  /** Who answers questions: whoever is at the session's own terminal, or only `holdpoint approve`, or nobody. */
  readonly asks: "here" | "elsewhere" | "nobody";
  readonly logPath: string;
  /** The manifests that hold. */
  readonly held: readonly Held[];
  readonly directory: SessionDirectory;
  readonly links: Links;
  readonly broker: Broker;
  /** Undefined: the command runs on the machine as it is. */
  readonly sandbox: Sandbox | undefined;
  /** What the command starts with. */
  readonly env: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
  /** The program that a name stood for when the session started. */
  readonly findReal: (name: string) => string | undefined;
  /** The command was started, as this process or below it: what must not delay that comes now. */
  readonly started: (pid: number | undefined) => void;
  /** The command has ended: what nobody asked for yet need not come. */
  readonly ended: () => void;
  /** How many deletions the trash has taken. */
  readonly kept: () => number;
  /** Its limits; undefined: there is none. */
  readonly keeping: TrashSetting | undefined;
  /** An error that nobody caught: it goes into the log, and the session goes on. */
  readonly note: (cause: unknown) => void;
  /** Stops serving. */
  readonly stop: () => Promise<void>;
  /** After that: the last record says how the command ended. */
  readonly close: (status: number) => void;
}
