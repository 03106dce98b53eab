/** A line about what is being done, on stderr where that is a terminal, once it takes longer than a person waits unasked. */
export interface Progress {
  say(words: string): void;
  /** Leaves nothing of it, until something is said again. */
  end(): void;
}

export function openProgress(
  stream: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write"> = process.stderr,
): Progress {
  if (stream.isTTY !== true || process.env["TERM"] === "dumb") return { say: () => {}, end: () => {} };
  const began = Date.now();
  let words = "";
  let isShown = false;
  const show = (): void => {
    const seconds = Math.round((Date.now() - began) / 1000);
    const text = `holdpoint: ${words} … ${seconds} s`.slice(0, Math.max((stream.columns || 80) - 1, 10));
    stream.write(`\r${text}\u001b[K`);
    isShown = true;
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    say(now) {
      words = now;
      timer ??= setInterval(show, interval).unref();
      // What is done in one go gives no timer its turn.
      if (isShown) show();
    },
    end() {
      clearInterval(timer);
      timer = undefined;
      if (isShown) stream.write("\r\u001b[K");
      isShown = false;
    },
  };
}

/** Milliseconds. */
const interval = 500;
