import { parseJson, textOf, type Value, valueAt } from "../value.js";
import { type GraphqlField, type GraphqlRequest, readGraphql } from "./graphql.js";

/** What of a request could carry GraphQL. */
export interface GraphqlSource {
  /** The URL's query string, without the question mark. */
  readonly query: string;
  readonly contentType: string;
  readonly body: string;
  readonly form: ReadonlyMap<string, string>;
  /** A GraphQL server answers here: what cannot be read is not waved through as something else. */
  readonly isEndpoint: boolean;
}

export interface GraphqlFinding {
  readonly fields: readonly GraphqlField[];
  /** Why some of it could not be read. */
  readonly problems: readonly string[];
}

/** Every operation in a request, wherever its servers look for one: body, batch, form, query string. */
export function findGraphql(source: GraphqlSource): GraphqlFinding {
  const parameters = new URLSearchParams(source.query);
  const carried = [
    ...fromParameters(parameters),
    ...[...fromForm(source.form), ...fromBody(source)].flatMap((one) => [one, ...bentBy(parameters, one)]),
  ];
  const fields: GraphqlField[] = [];
  const problems: string[] = [];
  for (const one of carried) {
    const reading =
      one.kind === "request" ? readGraphql(one.request) : { ok: false as const, reason: one.reason };
    if (reading.ok) fields.push(...reading.fields);
    else if (source.isEndpoint || (one.kind === "request" && isMutationLike(one.request.document)))
      problems.push(reading.reason);
  }
  return { fields, problems };
}

type Carried =
  | { readonly kind: "request"; readonly request: GraphqlRequest }
  /** Something is sent that a server at an endpoint could run, and that does not show here. */
  | { readonly kind: "hidden"; readonly reason: string };

/** express-graphql and its like: what the URL says goes before the same of the body. */
function bentBy(parameters: URLSearchParams, carried: Carried): readonly Carried[] {
  if (carried.kind === "hidden" || !(parameters.has("operationName") || parameters.has("variables")))
    return [];
  const variables = parseJson(parameters.get("variables") ?? "");
  const { document, operationName, variables: own } = carried.request;
  const name = parameters.get("operationName") ?? operationName ?? null;
  return [request(document, name, variables.ok ? variables.value : own)];
}

/** In a search for "gene mutation" no brace follows. */
function isMutationLike(document: string): boolean {
  return /\bmutation\b[^{]*\{/.test(document);
}

function fromParameters(parameters: URLSearchParams): readonly Carried[] {
  const document = parameters.get("query");
  const variables = parseJson(parameters.get("variables") ?? "");
  if (document !== null) {
    return [request(document, parameters.get("operationName"), variables.ok ? variables.value : nowhere)];
  }
  if (["documentId", "doc_id", "queryId"].some((name) => parameters.has(name))) return [persisted];
  const extensions = parseJson(parameters.get("extensions") ?? "");
  return extensions.ok && valueAt(extensions.value, "persistedQuery") !== undefined ? [persisted] : [];
}

/** Plain fields, or the `operations` of the multipart request specification. */
function fromForm(form: ReadonlyMap<string, string>): readonly Carried[] {
  const operations = form.get("operations");
  return [
    ...fromParameters(new URLSearchParams([...form])),
    ...(operations === undefined ? [] : fromText(operations)),
  ];
}

function fromBody({ body, contentType }: GraphqlSource): readonly Carried[] {
  if (body.trim() === "") return [];
  if (/^application\/graphql\b(?!-|\+)/i.test(contentType)) return [request(body, null, nowhere)];
  if (/^\s*[[{]/.test(body)) return fromText(body);
  // A name may be coded, too: `%71uery=`.
  if (!/(^|&)(query|extensions|operations|[^\s=&]*%[0-9a-f]{2}[^\s=&]*)=/i.test(body)) return fromText(body);
  const parameters = new URLSearchParams(body.trim());
  if (!["query", "extensions", "operations"].some((name) => parameters.has(name))) return fromText(body);
  const operations = parameters.get("operations");
  return [...fromParameters(parameters), ...(operations === null ? [] : fromText(operations))];
}

/** JSON, one request or a batch; else a bare document. */
function fromText(text: string): readonly Carried[] {
  const json = parseJson(text);
  if (json.ok) return json.value.kind === "list" ? json.value.items.flatMap(fromJson) : fromJson(json.value);
  return [request(text, null, nowhere)];
}

/** Servers in Go take `Query` for `query`, too. */
function fromJson(value: Value): readonly Carried[] {
  const others =
    value.kind === "object"
      ? [...value.fields].filter(([name]) => name !== "query" && name.toLowerCase() === "query")
      : [];
  return [
    ...fromObject(value),
    ...others.flatMap(([, field]) =>
      fromObject({
        kind: "object",
        fields: new Map(value.kind === "object" ? value.fields : []).set("query", field),
      }),
    ),
  ];
}

function fromObject(value: Value): readonly Carried[] {
  const document = textOf(valueAt(value, "query"));
  if (document !== undefined) {
    const variables = valueAt(value, "variables") ?? nowhere;
    // Some clients send the variables as JSON in a string.
    const inner = variables.kind === "scalar" ? parseJson(variables.text) : undefined;
    return [request(document, operationNameOf(value), inner?.ok ? inner.value : variables)];
  }
  const hidesQuery = ["extensions.persistedQuery", "documentId", "doc_id", "queryId", "id"].some(
    (path) => valueAt(value, path) !== undefined,
  );
  if (hidesQuery) return [persisted];
  return [{ kind: "hidden", reason: "the body holds no GraphQL document" }];
}

/** Servers in Go take `OperationName`, too: of two names none, for whichever the server takes is one of the document. */
function operationNameOf(value: Value): string | null {
  const fields = value.kind === "object" ? [...value.fields] : [];
  const [name, ...others] = fields.filter(([key]) => key.toLowerCase() === "operationname");
  return others.length > 0 ? null : (textOf(name?.[1]) ?? null);
}

const persisted: Carried = {
  kind: "hidden",
  reason: "it names a stored query that cannot be seen from here",
};
const nowhere: Value = { kind: "null" };

function request(document: string, operationName: string | null, variables: Value): Carried {
  return {
    kind: "request",
    request: { document, operationName: operationName || undefined, variables },
  };
}
