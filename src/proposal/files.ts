import { basename, join } from "node:path";
import { type Findings, type FoundFile, noFindings } from "./finding.js";
import { type Place, readText } from "./look.js";

/** Keys that lie in the folder, and the folders of the home that hold them. */
export function findKeys(files: readonly string[], { root }: Place): Findings {
  const keys = files.filter((file) => isKey(file, join(root, file)));
  return {
    ...noFindings,
    never: [...keys.map((glob): FoundFile => ({ glob, origin: "a key" })), ...ofHome],
  };
}

const ofHome: readonly FoundFile[] = [
  { glob: "~/.ssh", origin: "keys to other machines" },
  { glob: "~/.aws", origin: "keys of AWS" },
  { glob: "~/.kube", origin: "keys to clusters" },
];

/** A certificate is for everyone; the same kind of file may hold the key to it. */
function isKey(file: string, path: string): boolean {
  const name = basename(file);
  if (/\.(pem|crt|cer)$/.test(name)) return (readText(path) ?? "").includes("PRIVATE KEY-----");
  return /\.(key|p12|pfx|jks|keystore|ppk|kdbx)$|^id_(rsa|dsa|ecdsa|ed25519)$|^(service[-_]?account|client_secret)[\w.-]*\.json$/.test(
    name,
  );
}
