import { type Candidate, nameBefore, type Source, unescapeText } from "./source.js";

/** Private keys in PEM, as a block of lines or as one text with `\n` in it. The value is the block as OpenSSL reads it. */
export function findKeys({ text }: Source): readonly Candidate[] {
  if (!text.includes("PRIVATE KEY")) return [];
  return [...text.matchAll(block)].flatMap((match): readonly Candidate[] => {
    const start = match.index;
    // In YAML and in code, each line is set in from the left.
    const value = unescapeText(match[0])
      .replaceAll(/^[ \t]+/gm, "")
      .replaceAll("\r", "");
    const lines = value.split("\n").slice(1, -1);
    const body = lines
      .filter((line) => !/^[\w-]+: |^$/.test(line))
      .join("")
      .replaceAll(/[\s"'+,\\]/g, "");
    // The smallest of all, an Ed25519 key, has 64 characters.
    if (
      body.length < 60 ||
      !/^[A-Za-z0-9+/=]+$/.test(body) ||
      /(.)\1{15}/.test(body.replaceAll(/A{16,}/g, ""))
    )
      return [];
    const key = nameBefore(text, start);
    const isGoogle = /"type"\s*:\s*"service_account"/.test(text);
    const account = /"client_email"\s*:\s*"([^"]{3,200})"/.exec(text)?.[1];
    return [
      {
        kind: isLocked(value, body) ? "encrypted-key" : isGoogle ? "gcp-service-account" : "private-key",
        key,
        value,
        start,
        end: start + match[0].length,
        ...(isGoogle && account !== undefined ? { target: account } : {}),
      },
    ];
  });
}

const block =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){40,20000}-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;

/** Whether a passphrase is needed. OpenSSH says so inside: the cipher's name stands where `none` would. */
function isLocked(value: string, body: string): boolean {
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(value)) return true;
  return (
    value.startsWith("-----BEGIN OPENSSH") && Buffer.from(body.slice(0, 80), "base64").includes("bcrypt")
  );
}
