import { showArg } from "../../model/arg.js";
import { findCalls, isText } from "../code/calls.js";
import { toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions } from "../options.js";
import { nothing, type Reader } from "../reader.js";
import { readTexts } from "../sql/client-texts.js";
import { type Deed, type Server, sqlEffect } from "../sql/effects.js";

const options = declareOptions("anywhere", [
  "--javascript.execute-string:",
  "--javascript.execute:",
  "--server.endpoint:",
  "--server.database:",
  "--server.username:",
  "--server.password:",
  "--help",
  "--version",
]);

/** arangosh: JavaScript in an option, a file or on stdin, of which plain calls are read. */
export const arango: Reader = {
  names: ["arangosh"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    if (hasOption(given, "help", "version")) return nothing;
    const files = [...optionValues(given, "javascript.execute"), ...given.operands].map((file) => ({ file }));
    const texts = [...optionValues(given, "javascript.execute-string"), ...files];
    const input = readTexts(call, world, texts.length === 0 ? [{ file: "-" }] : texts);
    const endpoint = showArg(optionValue(given, "server.endpoint") ?? "localhost");
    const server: Server = {
      tool: toolName(call),
      engine: "arangodb",
      host: /^(?:[\w+]+:\/\/)?\[?([^\]/:]+)/.exec(endpoint)?.[1] ?? endpoint,
      database: showArg(optionValue(given, "server.database") ?? "_system"),
      credentials: [],
    };
    const effects = input.texts.flatMap(readScript).map((deed) => sqlEffect(server, deed));
    return { effects: [...input.effects, ...effects], inner: [], wantsStdin: input.wantsStdin };
  },
};

function readScript(text: string): readonly Deed[] {
  return findCalls(text, /\.(_drop\w*|drop|_?truncate|_?remove\w*|_query)$/).flatMap(({ name, values }) => {
    const [first] = values;
    const parts = name.split(".");
    const method = parts.at(-1) ?? "";
    const target = isText(first) ? first : (parts.at(-2) ?? "");
    if (method === "_query")
      return isText(first) && /\bREMOVE\b/i.test(first)
        ? [{ action: "delete", statement: "DELETE", target: first, restricted: /\bFILTER\b/i.test(first) }]
        : [];
    if (/truncate$/.test(method))
      return [{ action: "delete", statement: "TRUNCATE", target, restricted: false }];
    if (/remove/.test(method)) return [{ action: "delete", statement: "DELETE", target }];
    const what = method === "_dropDatabase" ? "DATABASE" : /View|Index/.exec(method)?.[0].toUpperCase();
    return [{ action: "delete", statement: `DROP ${what ?? "COLLECTION"}`, target }];
  });
}
