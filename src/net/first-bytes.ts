import type { Socket } from "node:net";
import { type ClientHello, readClientHello } from "./client-hello.js";
import { isStartup } from "./postgres/startup.js";

/** What a client begins with. */
export type Beginning =
  | { readonly kind: "tls"; readonly hello: ClientHello }
  | { readonly kind: "http" | "postgres" }
  /** Neither, or it waits for the server to speak first. */
  | { readonly kind: "other" };

/** Looks, and puts back what it read. Rejects when the client goes away. */
export function readBeginning(client: Socket, milliseconds: number): Promise<Beginning> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (beginning: Beginning) => {
      stop();
      client.pause();
      if (bytes.length > 0) client.unshift(bytes);
      resolve(beginning);
    };
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const beginning = readStart(bytes);
      if (beginning !== undefined) finish(beginning);
    };
    const onGone = () => {
      stop();
      reject(new Error("the client went away"));
    };
    const timer = setTimeout(() => finish({ kind: "other" }), milliseconds);
    client.on("data", onData).once("close", onGone).once("end", onGone);
    client.resume();

    function stop(): void {
      clearTimeout(timer);
      client.off("data", onData).off("close", onGone).off("end", onGone);
    }
  });
}

/** Undefined: not enough of it is there. */
function readStart(bytes: Buffer): Beginning | undefined {
  const isPostgres = isStartup(bytes);
  if (isPostgres !== false) return isPostgres === undefined ? undefined : { kind: "postgres" };
  const hello = readClientHello(bytes);
  if (hello === "more") return undefined;
  if (hello !== "other") return { kind: "tls", hello };
  const text = bytes.toString("latin1", 0, 4096);
  // The preface of HTTP/2 without TLS begins like a method of its own.
  if (text.startsWith("PRI * HTTP/2")) return { kind: "other" };
  const line = /^[A-Z][A-Z-]{0,19}(?: ([^\r\n]*?)( HTTP\/1\.[01])?\r?\n)?/.exec(text);
  if (line === null) return text.length < 20 && /^[A-Z-]*$/.test(text) ? undefined : { kind: "other" };
  if (line[2] !== undefined) return { kind: "http" };
  return /^[A-Z][A-Z-]{0,19}(?: [^\r\n]*)?\r?$/.test(text) && bytes.length < longestLine
    ? undefined
    : { kind: "other" };
}

const longestLine = 4096;
