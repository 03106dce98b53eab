import { constants } from "node:os";
import type { InnerPty } from "./inner-pty.js";
import { isDefaultSignal, readProcessState, sendSignal } from "./process-state.js";
import { hasSignalKeys } from "./stty.js";

/**
 * After a Ctrl-Z went into an inner terminal: looks for a second whether its program has stopped. One that stops itself is
 * seen as stopped. One that leaves it to the kernel is not stopped by it, since its process group is orphaned (nobody in
 * its session could continue it); for that one we do what the kernel would.
 */
export function watchForStop(inner: InnerPty, isFree: () => boolean, onStop: () => void): void {
  let tries = 0;
  const look = () => {
    const child = readProcessState(inner.pid);
    if (child === undefined || !isFree()) return;
    if (child.state === "T") {
      onStop();
      return;
    }
    tries += 1;
    if (tries === 1 && child.foreground === child.group && isLeftToKernel(inner)) {
      sendSignal(-child.group, "SIGSTOP");
      onStop();
      return;
    }
    if (tries < 10) setTimeout(look, 100).unref();
  };
  setTimeout(look, 60).unref();
}

function isLeftToKernel({ pid, descriptor }: InnerPty): boolean {
  return isDefaultSignal(pid, constants.signals.SIGTSTP) && hasSignalKeys(descriptor);
}
