import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import type { OpenScreen, Screen, ScreenListener } from "../model/screen.js";
import { hasTerminal } from "./process-state.js";
import { makeRaw, readSize, type TerminalState } from "./stty.js";
import { TerminalOutput } from "./terminal-output.js";

/**
 * A terminal that the agent shares, by the path it had before the agent started (`/dev/pts/3`; `/dev/tty` would be whatever
 * terminal we have when it is opened). Where a card is drawn on it, an allow needs a challenge word.
 */
export function terminalScreens(path: string): OpenScreen {
  return () => {
    if (!hasTerminal()) return "later";
    try {
      return new SharedScreen(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
    } catch {
      return "gone";
    }
  };
}

class SharedScreen implements Screen {
  private readonly output: TerminalOutput;
  private readonly state: TerminalState;
  private readonly keyboard: ChildProcess;
  private listener: ScreenListener | undefined;
  private known: { readonly columns: number; readonly rows: number };
  private isClosed = false;
  private readonly onResize = () => {
    this.known = readSize(this.descriptor) ?? this.known;
    this.listener?.onResize();
  };
  private readonly onDeath = () => this.restore((text) => this.output.writeNow(text));

  constructor(private readonly descriptor: number) {
    const state = makeRaw(descriptor);
    if (state === undefined) {
      closeSync(descriptor);
      throw new Error("not a terminal");
    }
    this.state = state;
    this.output = new TerminalOutput(descriptor);
    this.known = readSize(descriptor) ?? { columns: 80, rows: 24 };
    // A shell inside the session that does job control puts us into the background of the terminal, where a read would
    // stop us. A process without a controlling terminal may read at any time, so cat(1) reads, in a session of its own.
    this.keyboard = spawn("cat", [], {
      stdio: [descriptor, "pipe", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
      detached: true,
    });
    this.keyboard.stdout?.on("data", (chunk: Buffer) => this.listener?.onBytes(chunk));
    const onLost = () => {
      if (!this.isClosed) this.listener?.onLost();
    };
    this.keyboard.on("error", onLost).on("exit", onLost);
    process.on("SIGWINCH", this.onResize);
    process.on("exit", this.onDeath);
    this.output.write(
      "\u001b[?1049h\u000f\u001b(B\u001b[4l\u001b[?6l\u001b[r\u001b[?7l\u001b[?25l\u001b[?2004h\u001b[0m\u001b[2J\u001b[H",
    );
  }

  size() {
    return { columns: Math.max(1, this.known.columns || 80), rows: Math.max(1, this.known.rows || 24) };
  }

  write(text: string, shown?: () => void): void {
    this.output.write(text, shown);
  }

  listen(listener: ScreenListener): void {
    this.listener = listener;
  }

  /** Nothing is underneath that waits for replies through us. */
  keep(): void {}

  close(closed: () => void): void {
    if (this.isClosed) return;
    this.restore((text) => this.output.write(text));
    process.off("SIGWINCH", this.onResize);
    process.off("exit", this.onDeath);
    this.output.whenDrained(() => {
      this.output.close();
      closeSync(this.descriptor);
      closed();
    });
  }

  private restore(write: (text: string) => void): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.keyboard.kill("SIGKILL");
    write("\u001b[0m\u001b[2J\u001b[?7h\u001b[?25h\u001b[?2004l\u001b[?1049l");
    this.state.restore();
  }
}
