import { type Facts, facts, word } from "./facts.js";
import type { Sighting } from "./sighting.js";

/** A private key: whose, by what stands around it. */
export function readPrivateKey(one: Sighting): Facts | undefined {
  const { value, around, kind, file = "" } = one;
  const [, type] = /-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY/.exec(value) ?? [];
  if (type === undefined) return undefined;
  const text = around();
  if (/"type"\s*:\s*"service_account"/.test(text)) return readServiceAccount(text);
  if (kind === "encrypted-key") return facts("nothing", "nothing without its passphrase");
  if (/OPENSSH|DSA/.test(type) || /\/\.ssh\/|(?:^|\/)id_\w+$/.test(file))
    return facts("account", "every machine and repository that takes this ssh key; no passphrase locks it");
  if (/PGP/.test(type)) return facts("account", "signing and reading in the name of its owner");
  return facts("resource", "whatever trusts this key: a server's name, a client's login or signatures");
}

function readServiceAccount(text: string): Facts {
  const [, email] = /"client_email"\s*:\s*"([\w.@-]+)"/.exec(text) ?? [];
  const [, project] = /"project_id"\s*:\s*"([\w.:-]+)"/.exec(text) ?? [];
  const where = project === undefined ? "Google Cloud" : `Google Cloud project ${project}`;
  const who = email === undefined ? "a service account" : `service account ${email}`;
  return facts(
    "project",
    `${where} as ${who}, as far as its roles go`,
    [project, email].flatMap((name) => (name === undefined ? [] : [word(name, "id")])),
  );
}
