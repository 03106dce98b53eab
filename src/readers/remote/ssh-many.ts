import { isKnown, showArg } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import { toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValues, readOptions, switches } from "../options.js";
import { effects, inner, nothing, type Reader } from "../reader.js";

const options = declareOptions("first", [
  ...switches("abBcdiIPqSsvVM"),
  ..."efghHlmoOprtuwxX".split("").map((letter) => `-${letter}:`),
  ...["--hosts:", "--host:", "--user:", "--par:", "--timeout:", "--options:", "--inline", "--print"],
  ...["--askpass", "--extra-args:", "--worker:", "--help", "--version"],
]);

/** One command on many machines: `pdsh -w web[1-4] …`, `pssh -h hosts.txt …`, `clush -w @web …`. */
export const manyMachines: Reader = {
  names: ["pssh", "parallel-ssh", "pdsh", "clush", "dsh"],
  read(call) {
    const given = readOptions(call.argv.slice(1), options);
    const words = given.operands;
    if (words.length === 0 || hasOption(given, "help", "version")) return nothing;
    const tool = toolName(call);
    const named = ["w", "H", "host", "h", "hosts"].flatMap((name) => optionValues(given, name)).map(showArg);
    const name = named.join(",") || "many machines";
    const hidden = words.find((word) => !isKnown(word));
    if (hidden !== undefined)
      return call.sight === "later"
        ? nothing
        : effects(opaqueEffect(tool, name, "what it would run there cannot be foreseen"));
    return inner({
      kind: "line",
      text: words.map(showArg).join(" "),
      shell: "sh",
      via: `${tool} ${name}`,
      stdin: { kind: "none" },
      host: { name, kind: "machine" },
    });
  },
};
