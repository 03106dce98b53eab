import type { CredentialKind } from "../../model/credential-kind.js";
import type { Found } from "../scan.js";
import { awsAddress } from "./aws-api.js";
import { connectionOf } from "./connection.js";
import { type Address, addressOf } from "./endpoint.js";
import { isDatabase, serviceOf } from "./inquiries.js";
import { serverFor } from "./kubernetes.js";

/** Where a credential would be sent, and who says so. */
export interface Destination {
  /** With its port, where it has one. */
  readonly host: string;
  /**
   * `file`: the file that it was found in names the host, as a database's URL and a kubeconfig do. An agent that writes files can put a
   * password that it knows into such a URL, so a person should see these names before anybody is asked.
   */
  readonly by: "service" | "variable" | "file";
}

/** Undefined: nobody would be asked. Sends nothing. */
export async function destinationOf(
  one: Found,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Destination | undefined> {
  if (isDatabase(one.kind)) {
    const { host, port } = connectionOf(one) ?? {};
    return host === undefined
      ? undefined
      : { host: port === undefined ? host : `${host}:${port}`, by: "file" };
  }
  if (one.kind === "kubernetes") {
    const server = (await serverFor(one)) ?? "";
    return URL.canParse(server) ? { host: new URL(server).host, by: "file" } : undefined;
  }
  const address = isAws(one.kind) ? awsAddress("sts", env) : serviceAddress(one.kind, env);
  if (address === undefined || address.kind === "none") return undefined;
  return { host: address.url.host, by: address.isOwn ? "variable" : "service" };
}

function isAws(kind: CredentialKind): boolean {
  return kind === "aws-key-id" || kind === "aws-secret" || kind === "aws-session";
}

function serviceAddress(
  kind: CredentialKind,
  env: Readonly<Record<string, string | undefined>>,
): Address | undefined {
  const service = serviceOf(kind);
  return service === undefined ? undefined : addressOf(service.endpoint, env);
}
