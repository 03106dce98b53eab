import { createHash, createHmac } from "node:crypto";

export interface AwsKey {
  readonly id: string;
  readonly secret: string;
  /** Of a temporary key. */
  readonly session: string | undefined;
}

export interface Signed {
  readonly url: URL;
  readonly body: string;
  readonly service: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Headers for a POST of a form, by Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html): the secret itself stays here.
 */
export function signedHeaders(key: AwsKey, request: Signed): Readonly<Record<string, string>> {
  const { url, body, service, region, now } = request;
  const stamp = new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const day = stamp.slice(0, 8);
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    host: url.host,
    "x-amz-date": stamp,
    ...(key.session === undefined ? {} : { "x-amz-security-token": key.session }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    "POST",
    url.pathname,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n");
  const signing = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${key.secret}`, day));
  const signature = hmac(signing, text).toString("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
