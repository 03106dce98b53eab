import type { Mode } from "../broker/decision.js";
import { quoteWords } from "../model/quoted.js";
import type { AuditRecord } from "../model/record.js";
import { Denials } from "../report/denials.js";
import { findJobSource } from "./job-source.js";
import type { ReportOption } from "./option-values.js";
import type { Places } from "./places.js";
import { placeReport } from "./report-files.js";

export interface EndingReportOptions {
  readonly reports: readonly ReportOption[];
  readonly failOnDenied: boolean;
  /** No summary and no annotations; what goes to files is written. */
  readonly quiet: boolean;
  readonly command: readonly string[];
  /** Of the config, where one was named. */
  readonly config: string | undefined;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Tells people and machines at a session's end what was denied in it. */
export class EndingReport {
  private readonly denials = new Denials(quoteWords);
  private readonly started = new Date();
  private readonly files: readonly (ReportOption & { readonly path: string })[];
  private readonly source: string | undefined;
  private command: readonly string[] = [];
  private session = "";
  private mode: Mode = "deny";
  private logPath = "";
  private isAsking = false;
  private said = 0;
  private jobSummary = "";
  private last: Promise<void> = Promise.resolve();

  /** Throws UsageError where a report cannot be written. */
  constructor(private readonly options: EndingReportOptions) {
    const { reports, cwd, command, env, places } = options;
    this.files = reports.map((report) => ({ ...report, path: placeReport(report, cwd) }));
    this.source = reports.length === 0 ? undefined : findJobSource(command, cwd, env, places.home);
  }

  /** Each record of the session's log. */
  readonly note = (record: AuditRecord): void => {
    if (record.event === "session.start") {
      this.session = record.session;
      this.command = record.argv ?? [];
    }
    this.denials.note(record);
  };

  /**
   * The session is there; `isAsking`: somebody sits at its terminal and is asked. A runner that cancels a job gives it seconds, and a command may take longer: what is known by then is told. What comes
   * after is told at the end. Returns how to stop watching.
   */
  watch({ mode, logPath }: { readonly mode: Mode; readonly logPath: string }, isAsking: boolean): () => void {
    this.mode = mode;
    this.logPath = logPath;
    this.isAsking = isAsking;
    let timer: NodeJS.Timeout | undefined;
    const onSignal = () => {
      timer ??= setTimeout(() => void this.publish(undefined), patience);
    };
    for (const signal of cancelling) process.on(signal, onSignal);
    return () => {
      clearTimeout(timer);
      for (const signal of cancelling) process.off(signal, onSignal);
    };
  }

  /**
   * The command has ended with this status, or was told to end and has not yet (undefined). Says what is new; writes the
   * files each time. Never rejects: a report that cannot be written is named. Resolves to the status to end with.
   */
  async publish(status: number | undefined): Promise<number> {
    const { denied, observed } = this.denials;
    const final = status === 0 && this.options.failOnDenied && denied > 0 ? 126 : (status ?? 1);
    if (denied + observed + this.files.length === 0) return final;
    this.last = this.last.then(() => this.tell(status, final)).catch(sayFailure);
    await this.last;
    return final;
  }

  private async tell(status: number | undefined, final: number): Promise<void> {
    const { quiet, config, places, env } = this.options;
    const { mode, logPath: log, isAsking, denials, files, session, command, started, source } = this;
    const { denied, observed, followers, unlisted } = denials;
    // All that is only needed where there is something to report.
    const formats = await import("./ending-formats.js");
    const ending = {
      ...{ session, mode, log, command, status, started, source, denied, observed, followers, unlisted },
      config: config ?? places.config,
      ended: new Date(),
      findings: formats.toFindings(denials.list()),
    };
    for (const { format, path } of files) formats.writeReport(format, path, ending, places);
    const isNew = denied + observed > this.said;
    this.said = denied + observed;
    if (!isNew) return;
    // Who sits there knows what they refused, and the agent was told what a rule forbids: what is left had no answer.
    const heard = isAsking ? formats.unanswered(ending) : ending;
    if (!quiet) formats.printSummary(heard);
    if (env["GITHUB_ACTIONS"] !== "true") return;
    if (!quiet) formats.printAnnotations(heard, final !== 0);
    const file = env["GITHUB_STEP_SUMMARY"];
    if (file) this.jobSummary = formats.writeJobSummary(file, ending, this.jobSummary);
  }
}

const cancelling: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP"];
/** Milliseconds. GitHub's runner kills 2.5 seconds after its SIGTERM. */
const patience = 1000;

function sayFailure(cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : String(cause);
  process.stderr.write(`holdpoint: what was denied could not be reported: ${reason}\n`);
}
