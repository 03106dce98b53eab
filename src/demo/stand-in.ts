import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Kind, type OperationDefinitionNode, parse } from "graphql/language/index.js";
import { generate } from "selfsigned";
import { mark } from "../preview/railway-answers.js";
import { volume } from "./workspace.js";

/** A Railway API that lives on loopback and only counts: what reached it is what the guard let through. */
export interface StandIn {
  readonly port: number;
  /** PEM certificate that it is to be trusted by (`curl --cacert`). */
  readonly certificate: string;
  readonly queries: readonly string[];
  readonly mutations: readonly string[];
  /** Queries of a preview, by their fields: what holdpoint looked up for the card. */
  readonly looks: readonly string[];
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
  const looks: string[] = [];
  const others: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    onRequest();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const operations = operationsOf(body);
      for (const operation of operations)
        (operation.kind === "mutation" ? mutations : operation.isLook ? looks : queries).push(
          operation.field,
        );
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
    looks,
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
  /** The name that its answer has. */
  readonly key: string;
  readonly isLook: boolean;
}

function operationsOf(body: string): readonly Operation[] {
  const query = queryOf(body);
  if (query === undefined) return [];
  try {
    return parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? definition.selectionSet.selections.flatMap((selection) =>
            selection.kind === Kind.FIELD
              ? [
                  {
                    kind: definition.operation,
                    field: selection.name.value,
                    key: selection.alias?.value ?? selection.name.value,
                    isLook: definition.operation === "query" && definition.name?.value === mark,
                  },
                ]
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
  const answers = operations.map(({ key, field, isLook }) => [
    key,
    (isLook ? looked() : known)[field] ?? null,
  ]);
  return { data: Object.fromEntries(answers) };
}

/** What a preview asks for, in the shapes of Railway's schema: the volume is production's, and its backups lie in it. */
function looked(): Readonly<Record<string, unknown>> {
  const list = (...nodes: readonly unknown[]) => ({ edges: nodes.map((node) => ({ node })) });
  const shop = { id: "6f1d0c1e-77aa-4c39-8d51-0d6f5b1f3a10", name: "shop" };
  const postgres = { id: "b0a4a1de-5c0f-4d83-9d3e-8f2f4f0c9b21", name: "postgres" };
  const data = { id: volume, name: "postgres-data" };
  const instance = {
    id: "e2c1f0aa-4f13-4b1c-8a2f-6a1f0f6d2b33",
    volumeId: volume,
    serviceId: postgres.id,
    ...{ mountPath: "/var/lib/postgresql/data", sizeMB: 50_000, currentSizeMB: 12_400 },
  };
  const hoursAgo = (hours: number) => ({ createdAt: new Date(Date.now() - hours * 3_600_000).toISOString() });
  return {
    projects: list({ ...shop, volumes: list(data) }),
    me: { workspaces: [] },
    project: {
      ...shop,
      environments: list(
        { id: "0c7a6c2f-1a55-4a2e-9c3b-2f1e0d9c8b44", name: "staging", volumeInstances: list() },
        { id: "9b8d7e6f-2b66-4b3f-8d4c-3a2f1e0d9c55", name: "production", volumeInstances: list(instance) },
      ),
      services: list(postgres),
      volumes: list(data),
    },
    volumeInstanceBackupList: [hoursAgo(4), hoursAgo(28), hoursAgo(52)],
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the stand-in server has no port");
  return address.port;
}
