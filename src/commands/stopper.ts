import { sendSignal } from "../launcher/process-state.js";

/** Ends a session's command when somebody asks for it from elsewhere, whatever it is doing by then. */
export class Stopper {
  private readonly controller = new AbortController();
  private pid: number | undefined;
  private aim: (() => number | undefined) | undefined;

  /** Fires when somebody did. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The command's process, and the one that signals are for where that is another; undefined again once it has ended, for its number may be another's then. */
  follow(pid: number | undefined, aim?: () => number | undefined): void {
    this.pid = pid;
    this.aim = aim;
    if (this.signal.aborted) this.end();
  }

  stop(): void {
    this.controller.abort();
    this.end();
  }

  /** Shells at a terminal take no notice of SIGTERM, and much else of SIGHUP. */
  private end(): void {
    const pid = this.pid;
    if (pid === undefined) return;
    for (const signal of ["SIGHUP", "SIGTERM", "SIGCONT"] as const) sendSignal(this.aim?.() ?? pid, signal);
    setTimeout(() => {
      if (this.pid === pid) sendSignal(pid, "SIGKILL");
    }, patience).unref();
  }
}

const patience = 5000;
