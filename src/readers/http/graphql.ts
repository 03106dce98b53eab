import type {
  DocumentNode,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from "graphql/language/ast.js";
import { parse } from "graphql/language/parser.js";
import { assertNever } from "../../model/assert-never.js";
import type { Value } from "../value.js";

/** One GraphQL request: a document with what goes beside it. */
export interface GraphqlRequest {
  readonly document: string;
  readonly operationName: string | undefined;
  readonly variables: Value;
}

/** A field of the root type: what a server would be asked to do. */
export interface GraphqlField {
  readonly operation: "query" | "mutation" | "subscription";
  readonly field: string;
  readonly args: Value;
}

export type GraphqlReading =
  | { readonly ok: true; readonly fields: readonly GraphqlField[] }
  | { readonly ok: false; readonly reason: string };

/** More tokens than anyone writes by hand; a body of megabytes must not stall the guard. */
const maxTokens = 100_000;

/** The root fields that a request may run. Fragments are followed; variables are put in. */
export function readGraphql(request: GraphqlRequest): GraphqlReading {
  const parsed = parseDocument(request.document);
  if (!parsed.ok) return parsed;
  const { document } = parsed;
  const operations = document.definitions.filter((node) => node.kind === "OperationDefinition");
  const named = operations.filter((node) => node.name?.value === request.operationName);
  // No name, or one that nothing bears: whichever the server takes, it is one of these.
  const chosen = request.operationName !== undefined && named.length > 0 ? named : operations;
  if (chosen.length === 0) return { ok: false, reason: "the document holds no operation" };
  return { ok: true, fields: chosen.flatMap((node) => readOperation(node, document, request.variables)) };
}

type Parsed =
  | { readonly ok: true; readonly document: DocumentNode }
  | { readonly ok: false; readonly reason: string };

/** The parser says what is wrong by throwing. */
function parseDocument(text: string): Parsed {
  try {
    const options = { noLocation: true, maxTokens, allowLegacyFragmentVariables: true };
    return { ok: true, document: parse(text, options) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: detail.replace(/^Syntax Error: /, "").replace(/\.$/, "") };
  }
}

function readOperation(
  node: OperationDefinitionNode,
  document: DocumentNode,
  variables: Value,
): readonly GraphqlField[] {
  const scope = new Map<string, Value>();
  for (const { variable, defaultValue } of node.variableDefinitions ?? []) {
    const name = variable.name.value;
    const given = variables.kind === "object" ? variables.fields.get(name) : undefined;
    if (given !== undefined) scope.set(name, given);
    else if (defaultValue !== undefined) scope.set(name, readValue(defaultValue, scope));
  }
  return readSelections(node.selectionSet, document, new Set()).map(({ name, args }) => ({
    operation: node.operation,
    field: name,
    args: {
      kind: "object",
      fields: new Map(args.map((argument) => [argument.name.value, readValue(argument.value, scope)])),
    },
  }));
}

interface RootField {
  readonly name: string;
  readonly args: readonly { readonly name: { readonly value: string }; readonly value: ValueNode }[];
}

/** The fields themselves, through fragments; `seen` ends a fragment that spreads itself. */
function readSelections(
  set: SelectionSetNode,
  document: DocumentNode,
  seen: ReadonlySet<string>,
): readonly RootField[] {
  return set.selections.flatMap((selection): readonly RootField[] => {
    switch (selection.kind) {
      case "Field":
        return selection.name.value === "__typename"
          ? []
          : [{ name: selection.name.value, args: selection.arguments ?? [] }];
      case "InlineFragment":
        return readSelections(selection.selectionSet, document, seen);
      case "FragmentSpread": {
        const name = selection.name.value;
        if (seen.has(name)) return [];
        const fragment = document.definitions.find(
          (node) => node.kind === "FragmentDefinition" && node.name.value === name,
        );
        if (fragment?.kind !== "FragmentDefinition") return [];
        return readSelections(fragment.selectionSet, document, new Set([...seen, name]));
      }
      default:
        return assertNever(selection);
    }
  });
}

function readValue(node: ValueNode, scope: ReadonlyMap<string, Value>): Value {
  switch (node.kind) {
    case "Variable":
      return scope.get(node.name.value) ?? { kind: "unknown", source: `$${node.name.value}` };
    case "IntValue":
    case "FloatValue":
    case "StringValue":
    case "EnumValue":
      return { kind: "scalar", text: node.value };
    case "BooleanValue":
      return { kind: "scalar", text: String(node.value) };
    case "NullValue":
      return { kind: "null" };
    case "ListValue":
      return { kind: "list", items: node.values.map((item) => readValue(item, scope)) };
    case "ObjectValue":
      return {
        kind: "object",
        fields: new Map(node.fields.map((field) => [field.name.value, readValue(field.value, scope)])),
      };
    default:
      return assertNever(node);
  }
}
