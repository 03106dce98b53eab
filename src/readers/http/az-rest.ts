import { type Arg, isKnown, showArg, type Unknown, unknown } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import type { ToolTree } from "../../model/knowledge.js";
import { toolCredentials } from "../credentials/tool.js";
import { openInputs } from "../inputs.js";
import type { Reader } from "../reader.js";
import { remoteReader } from "../remote/remote-commands.js";
import { optionOf, walkTree } from "../tree/walk.js";
import type { ApiTable } from "./api-table.js";
import { leaveToShim, plainRequest, readRequest } from "./http-request.js";

/** `az`, where `az rest` is the request that it sends; a path alone goes to the management API. */
export function azureReader(tree: ToolTree, table: ApiTable): Reader {
  const plain = remoteReader(tree);
  return {
    names: tree.names,
    read(call, world) {
      const [walk] = walkTree(tree, call.argv.slice(1));
      const isHelp = walk?.options.some(({ name }) => tree.quiet.includes(name));
      if (walk?.path.join(" ") !== "rest" || isHelp === true) return plain.read(call, world);
      const inputs = openInputs(call, world);
      const url = optionOf(walk, "-u", "--url", "--uri") ?? unknown("az rest", "no address is named");
      const method = optionOf(walk, "-m", "--method") ?? "get";
      const given = optionOf(walk, "-b", "--body");
      const body = given === undefined ? undefined : bodyOf(given, (file) => inputs.send(file));
      const tool = showArg(call.tool);
      const hidden = [url, method].find((one): one is Unknown => !isKnown(one));
      const effects =
        hidden === undefined
          ? readRequest(
              {
                ...plainRequest,
                tool,
                method: showArg(method).toUpperCase(),
                url: addressOf(showArg(url)),
                body,
                credentials: toolCredentials(call, world, tree.credentials, walk),
              },
              table,
            )
          : [opaqueEffect(tool, hidden.source, hidden.reason)];
      return { effects: leaveToShim(call, effects), inner: [], wantsStdin: inputs.wantsStdin() };
    },
  };
}

function bodyOf(given: Arg, send: (file: string) => string | Unknown): string | Unknown {
  return isKnown(given) && given.startsWith("@") ? send(given.slice(1)) : given;
}

function addressOf(url: string): string {
  return /^https?:/.test(url) ? url : `https://management.azure.com/${url.replace(/^\/+/, "")}`;
}
