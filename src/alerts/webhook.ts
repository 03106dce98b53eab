import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { AlertEvent } from "../model/alert.js";
import { signatureHeaders } from "./signature.js";
import { type Sent, type Sink, tryTime } from "./sink.js";

export interface WebhookOptions {
  readonly url: string;
  readonly secret: Uint8Array | undefined;
  readonly on: readonly AlertEvent[];
  readonly version: string;
}

/** Posts each alert to a URL. Whatever the other side does, a try ends, and no more than a few kilobytes of its answer are read. */
export function webhookSink({ url, secret, on, version }: WebhookOptions): Sink {
  const target = new URL(url);
  return {
    // A path or a query may be the key to somebody's channel.
    name: `webhook ${target.origin}`,
    on,
    async send(message, signal) {
      const headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": String(Buffer.byteLength(message.body)),
        "user-agent": `holdpoint/${version}`,
        ...signatureHeaders(message, secret, Date.now()),
      };
      try {
        const { request } =
          target.protocol === "http:" ? await import("node:http") : await import("node:https");
        return await post((options) => request(target, options), headers, message.body, signal);
      } catch (cause) {
        return { ok: false, reason: cause instanceof Error ? cause.message : String(cause), isFinal: true };
      }
    },
  };
}

function post(
  open: (options: RequestOptions & { readonly rejectUnauthorized: boolean }) => ClientRequest,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(failure("called off"));
    // Of its own each time, so that nothing stays open. NODE_TLS_REJECT_UNAUTHORIZED=0 is not for telling of an agent's deeds.
    const request = open({ method: "POST", headers, agent: false, rejectUnauthorized: true });
    const end = (sent: Sent) => {
      resolve(sent);
      request.destroy();
    };
    const stop = () => end(failure("called off"));
    const timer = setTimeout(() => end(failure("no answer within ten seconds")), tryTime);
    signal.addEventListener("abort", stop);
    request.on("response", (response) => {
      resolve(judge(response));
      let size = 0;
      response.on("error", () => {});
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostAnswer) request.destroy();
      });
    });
    request.on("error", (error: NodeJS.ErrnoException) => end(failure(error.code ?? error.message)));
    request.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve(failure("it closed the connection without an answer"));
    });
    request.end(body);
  });
}

const mostAnswer = 64 * 1024;

/** Where a redirection leads to is not what the user wrote down. What the other side calls a wrong request stays one. */
function judge({ statusCode = 0 }: IncomingMessage): Sent {
  if (statusCode >= 200 && statusCode < 300) return { ok: true };
  const isRedirection = statusCode >= 300 && statusCode < 400;
  const reason = `answered ${statusCode}${isRedirection ? ", which is not followed" : ""}`;
  return { ok: false, reason, isFinal: statusCode < 500 && !passing.has(statusCode) };
}

/** Request Timeout, Too Early, Too Many Requests. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

function failure(reason: string): Sent {
  return { ok: false, reason, isFinal: false };
}
