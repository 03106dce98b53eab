import { createHash, generateKeyPairSync } from "node:crypto";

export const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const lower = upper.toLowerCase();
export const digits = "0123456789";
export const letters = `${upper}${lower}${digits}`;

/** Drawn from a seed, the same each time: secrets are made when a test runs, so that no scanner takes the tests for a leak. */
export function drawn(seed: string, length: number, alphabet = letters): string {
  let out = "";
  for (let round = 0; out.length < length; round++)
    for (const byte of createHash("sha256").update(`${seed}:${round}`).digest())
      out += alphabet[byte % alphabet.length] ?? "";
  return out.slice(0, length);
}

export function hex(seed: string, length: number): string {
  return drawn(seed, length, `${digits}abcdef`);
}

export function uuid(seed: string): string {
  return hex(seed, 32).replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function webToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${drawn("signature", 43)}`;
}

/** In PEM, with a passphrase or without. */
export function privateKey(passphrase?: string): string {
  const { privateKey: key } = generateKeyPairSync("ed25519");
  const pkcs8 = { type: "pkcs8", format: "pem" } as const;
  const text = key.export(passphrase === undefined ? pkcs8 : { ...pkcs8, cipher: "aes-256-cbc", passphrase });
  return text.toString().trim();
}
