import type { AlertEvent } from "../model/alert.js";

/** One alert as it goes out: every try sends the same bytes under the same id. */
export interface Message {
  /** The same for each try, so that whoever gets it twice can tell. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

export type Sent =
  | { readonly ok: true }
  /** `isFinal`: another try would come to the same. */
  | { readonly ok: false; readonly reason: string; readonly isFinal: boolean };

/** One place that alerts go to. */
export interface Sink {
  /** For people and the log; holds no secret: `webhook https://hooks.example.com`. */
  readonly name: string;
  readonly on: readonly AlertEvent[];
  /** One try; it ends by itself within ten seconds, or when the signal fires. Never rejects. */
  send(message: Message, signal: AbortSignal): Promise<Sent>;
}

/** Milliseconds that one try may take. */
export const tryTime = 10_000;
