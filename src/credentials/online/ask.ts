import type { ClientRequest, IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import * as v from "valibot";

export interface Asking {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM texts, and the name that the certificate must bear where that is not the host. */
  readonly tls?: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
    readonly servername?: string | undefined;
  };
}

export type Answer =
  /** 200 to 299, and what says no: 400 to 499 but 429. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly text: string;
      /** Of a header, `name` in lower case. */
      readonly header: (name: string) => string | undefined;
    }
  /** All that says nothing about the credential. */
  | { readonly kind: "silence"; readonly words: string };

/**
 * One request, which carries a credential: https (or http to this machine's own loopback), the certificate checked whatever
 * NODE_TLS_REJECT_UNAUTHORIZED says, no redirect followed, no more than a megabyte read, ended by the signal. No error's own text is passed
 * on, for nobody knows what is in it.
 */
export async function ask(url: URL, asking: Asking, signal: AbortSignal): Promise<Answer> {
  if (!isSafe(url)) return silence(`${url.host} is not asked: no https`);
  if (signal.aborted) return silence(noTime);
  try {
    const { request } = url.protocol === "http:" ? await import("node:http") : await import("node:https");
    return await send((options) => request(url, options), asking, signal);
  } catch {
    return silence("it could not be asked");
  }
}

/** What an answer says, or undefined where it is something else. */
export function readJson<T>(
  schema: v.BaseSchema<unknown, T, v.BaseIssue<unknown>>,
  answer: Answer,
): T | undefined {
  if (answer.kind === "silence") return undefined;
  try {
    const result = v.safeParse(schema, JSON.parse(answer.text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** A credential goes over no wire in the clear; the loopback is none. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const most = 1024 * 1024;
const noTime = "no answer in time";

function send(
  open: (options: RequestOptions) => ClientRequest,
  { method = "GET", headers = {}, body, tls = {} }: Asking,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = open({
      method,
      headers: { "user-agent": "holdpoint", accept: "application/json", ...headers, ...length },
      agent: false,
      rejectUnauthorized: true,
      ...Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)),
    });
    const stop = () => end(silence(noTime));
    const end = (answer: Answer) => {
      signal.removeEventListener("abort", stop);
      resolve(answer);
      request.destroy();
    };
    signal.addEventListener("abort", stop);
    request.on("error", (error: NodeJS.ErrnoException) => end(silence(reason(error.code ?? ""))));
    request.on("close", () => end(silence("it closed the connection without an answer")));
    request.on("response", (response) => read(response, end));
    request.end(body);
  });
}

function read(response: IncomingMessage, end: (answer: Answer) => void): void {
  const status = response.statusCode ?? 0;
  const fault = faultOf(status);
  if (fault !== undefined) {
    end(silence(fault));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > most) end(silence("its answer is longer than any it should give"));
  });
  response.on("error", () => end(silence("it broke off its answer")));
  response.on("end", () => {
    const header = (name: string) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    };
    end({ kind: "answer", status, text: Buffer.concat(chunks).toString("utf8"), header });
  });
}

function faultOf(status: number): string | undefined {
  if (status >= 300 && status < 400) return `it answered with a redirect (${status}), which is not followed`;
  if (status === 429) return "it wants to be asked less often (429)";
  if (status >= 200 && status < 500) return undefined;
  return `it answered ${status}`;
}

function reason(code: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its address was not found";
  if (code === "ECONNREFUSED") return "nobody answers at its address";
  if (/CERT|SIGNED|ISSUER|ALTNAME/.test(code)) return "its certificate does not hold, so nothing was sent";
  return "the connection broke";
}

function silence(words: string): Answer {
  return { kind: "silence", words };
}
