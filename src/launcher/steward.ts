import { spawn } from "node:child_process";
import { Socket } from "node:net";

/** `shims/steward.c`, running beside the broker for as long as that does. */
export interface Steward {
  /** Links the shim under the names that are programs in these folders, and tells which those are. Rejects where it cannot. */
  link(folders: readonly string[], names: readonly string[]): Promise<readonly string[]>;
  /** Processes of a session; undefined where it cannot tell. */
  left(session: string): Promise<readonly number[] | undefined>;
  /** Takes the session's directory away. False where it could not, or not all. */
  remove(): Promise<boolean>;
}

/** What it furnishes a directory with: the shim, copied; the start-up files of `rc`; so many pairs of FIFOs. */
export interface StewardOptions {
  readonly program: string;
  /** There, and empty. */
  readonly directory: string;
  readonly shim: string;
  readonly rc: string;
  readonly pairs: number;
}

/** Rejects with the reason why the directory cannot be used. `hasFifos`: the shim could make them. */
export async function startSteward(
  options: StewardOptions,
): Promise<{ readonly steward: Steward; readonly hasFifos: boolean }> {
  const { program, directory, shim, rc, pairs } = options;
  const child = spawn(program, [directory, shim, rc, `${pairs}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: {},
  });
  const wire = child.stdio[3];
  if (!(wire instanceof Socket)) throw new Error("its steward does not start");
  child.once("error", () => wire.destroy());
  const orders = new Orders(wire);
  const [fifos] = await orders.hear("furnished");
  return {
    hasFifos: fifos === "fifos",
    steward: {
      link: (folders, names) => orders.give(["link", ...folders, ...names], "linked"),
      left: (session) =>
        orders.give(["left", session], "left").then(
          (pids) => pids.map(Number),
          () => undefined,
        ),
      remove: () =>
        orders.give(["remove"], "removed").then(
          () => true,
          () => false,
        ),
    },
  };
}

/** Its answers come in the order of what they answer. An agent may stop or end the steward: then nothing is waited for. */
class Orders {
  private readonly waiting: Waiting[] = [];
  private text = "";

  constructor(private readonly wire: Socket) {
    wire.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
      for (let end = this.text.indexOf("\0\0"); end >= 0; end = this.text.indexOf("\0\0")) {
        this.waiting.shift()?.done(this.text.slice(0, end).split("\0"));
        this.text = this.text.slice(end + 2);
      }
    });
    // The close comes next.
    wire.on("error", () => {});
    wire.on("close", () => {
      for (const { done } of this.waiting.splice(0)) done(gone);
    });
  }

  async give(words: readonly string[], answer: string): Promise<readonly string[]> {
    const late = setTimeout(() => this.wire.destroy(), patience);
    try {
      if (!this.wire.destroyed) this.wire.write(`${words.join("\0")}\0\0`);
      return await this.hear(answer);
    } finally {
      clearTimeout(late);
    }
  }

  /** The words behind this one. */
  async hear(answer: string): Promise<readonly string[]> {
    const heard = new Promise<readonly string[]>((done) => this.waiting.push({ done }));
    const [word, ...words] = this.wire.destroyed ? gone : await heard;
    if (word !== answer) throw new Error(words[0] ?? "its steward does not answer");
    return words;
  }
}

interface Waiting {
  readonly done: (words: readonly string[]) => void;
}

const gone: readonly string[] = ["failed", "its steward has ended"];

/** Milliseconds. Each takes a few. */
const patience = 3000;
