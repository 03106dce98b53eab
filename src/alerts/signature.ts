import { createHmac } from "node:crypto";
import type { Message } from "./sink.js";

/**
 * The headers that name and sign one try, as https://www.standardwebhooks.com has them, so that its libraries can verify them:
 * HMAC-SHA256 over `id.timestamp.body`, the timestamp in seconds.
 */
export function signatureHeaders(
  { id, body }: Message,
  secret: Uint8Array | undefined,
  now: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const named = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secret === undefined) return named;
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { ...named, "webhook-signature": `v1,${signature}` };
}

/**
 * The key in a file's text: what stands after `whsec_` is Base64, any other text is the key itself. Undefined when it is shorter
 * than 16 bytes.
 */
export function readSecret(text: string): Uint8Array | undefined {
  const word = text.trim();
  const key = word.startsWith("whsec_")
    ? Buffer.from(word.slice("whsec_".length), "base64")
    : Buffer.from(word, "utf8");
  return key.length < 16 ? undefined : key;
}
