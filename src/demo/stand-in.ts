import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Kind, type OperationDefinitionNode, parse } from "graphql/language/index.js";
import { generate } from "selfsigned";

/** A Railway API that lives on loopback and only counts: what reached it is what the guard let through. */
export interface StandIn {
  readonly port: number;
  /** PEM certificate that it is to be trusted by (`curl --cacert`). */
  readonly certificate: string;
  readonly queries: readonly string[];
  readonly mutations: readonly string[];
  /** Bodies that were no GraphQL. */
  readonly others: readonly string[];
  close(): Promise<void>;
}

export const railwayHosts = ["backboard.railway.com", "backboard.railway.app"];

/** Starts it on a free port of 127.0.0.1, with a certificate made for this one run; `onRequest` is called as a request comes. */
export async function startStandIn(onRequest: () => void = () => {}): Promise<StandIn> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "holdpoint demo" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: railwayHosts.map((value) => ({ type: 2, value })) },
    ],
  });
  const queries: string[] = [];
  const mutations: string[] = [];
  const others: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    onRequest();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const operations = operationsOf(body);
      for (const operation of operations)
        (operation.kind === "mutation" ? mutations : queries).push(operation.field);
      if (operations.length === 0) others.push(body);
      response.setHeader("content-type", "application/json");
      response.end(`${JSON.stringify(answer(operations))}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: portOf(server.address()),
    certificate: cert,
    queries,
    mutations,
    others,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Operation {
  readonly kind: OperationDefinitionNode["operation"];
  readonly field: string;
}

function operationsOf(body: string): readonly Operation[] {
  const query = queryOf(body);
  if (query === undefined) return [];
  try {
    return parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? definition.selectionSet.selections.flatMap((selection) =>
            selection.kind === Kind.FIELD
              ? [{ kind: definition.operation, field: selection.name.value }]
              : [],
          )
        : [],
    );
  } catch {
    return [];
  }
}

function queryOf(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && "query" in value && typeof value.query === "string"
      ? value.query
      : undefined;
  } catch {
    return undefined;
  }
}

/** As the real API would have answered, closely enough for a person who reads along. */
function answer(operations: readonly Operation[]): unknown {
  if (operations.length === 0) return { errors: [{ message: "not a GraphQL request" }] };
  const known: Readonly<Record<string, unknown>> = {
    project: { name: "shop", environments: ["staging", "production"] },
    volumeDelete: true,
  };
  return { data: Object.fromEntries(operations.map(({ field }) => [field, known[field] ?? null])) };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the stand-in server has no port");
  return address.port;
}
