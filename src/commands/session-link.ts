import { connect, type Socket } from "node:net";
import { LineReader } from "../broker/control-lines.js";
import {
  type ControlReply,
  parseReply,
  type SessionFacts,
  type WaitingQuestion,
} from "../broker/control-reply.js";
import type { ControlRequest } from "../broker/control-request.js";

import type { DoorOptions } from "../launcher/peer.js";
import type { Standing } from "../model/approver.js";

/** A running session, as seen from another terminal. A class, for it lives as long as its connection. */
export class SessionLink {
  waiting: readonly WaitingQuestion[] = [];
  isClosed = false;
  private facts: SessionFacts | undefined;
  private readonly lines = new LineReader(longest);
  private readonly expected: ((reply: ControlReply | undefined) => void)[] = [];
  private readonly listeners = new Set<() => void>();

  private constructor(
    readonly path: string,
    private readonly socket: Socket,
  ) {
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => this.take(String(chunk)));
    socket.on("error", () => {});
    socket.on("close", () => this.lost());
  }

  /** Undefined where no session answers. */
  static open(path: string): Promise<SessionLink | undefined> {
    return new Promise((resolve) => {
      const link = new SessionLink(path, connect(path));
      const done = () => {
        clearTimeout(timer);
        off();
        resolve(link.isClosed ? undefined : link);
      };
      const off = link.onChange(done);
      const timer = setTimeout(() => link.close(), patience);
      link.send({ do: "watch" });
    });
  }

  get session(): SessionFacts {
    if (this.facts === undefined) throw new Error("a session that did not say which it is");
    return this.facts;
  }

  /** Fires when other questions wait, and when the session is gone. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Undefined once the session is gone. */
  ask(request: ControlRequest): Promise<ControlReply | undefined> {
    if (this.isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.expected.push(resolve);
      this.send(request);
    });
  }

  /** Whether this process stands outside of that session. */
  async stand(door: DoorOptions): Promise<Standing> {
    const { standBeside } = await import("../launcher/peer.js");
    return standBeside(this.socket, door);
  }

  close(): void {
    this.socket.destroy();
  }

  private send(request: ControlRequest): void {
    this.socket.write(`${JSON.stringify(request)}\n`);
  }

  private take(chunk: string): void {
    try {
      for (const line of this.lines.push(chunk)) {
        const reply = parseReply(line);
        // A newer version may say more.
        if (reply?.is === "session") this.facts = reply.session;
        else if (reply?.is === "waiting") this.heard(reply.questions);
        else this.expected.shift()?.(reply);
      }
    } catch {
      this.close();
    }
  }

  private heard(questions: readonly WaitingQuestion[]): void {
    if (this.facts === undefined) {
      this.close();
      return;
    }
    this.waiting = questions;
    this.changed();
  }

  private lost(): void {
    this.isClosed = true;
    this.waiting = [];
    for (const resolve of this.expected.splice(0)) resolve(undefined);
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const longest = 64 * 1024 * 1024;
const patience = 3000;
