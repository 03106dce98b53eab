import { type Arg, unknown } from "../../model/arg.js";
import { inner, type Reader } from "../reader.js";
import { wrap } from "../sight.js";

/** `fd -e txt -x rm {}`: the words behind it, to a `;` or the end, are a command for what it finds. */
export const fd: Reader = {
  names: ["fd", "fdfind"],
  read(call, world) {
    const start = call.argv.findIndex((word) => /^(-[a-zA-Z]*[xX]|--exec(-batch)?)$/.test(String(word)));
    if (start < 0) return inner();
    const rest = call.argv.slice(start + 1);
    const end = rest.indexOf(";");
    const [program, ...words] = end < 0 ? rest : rest.slice(0, end);
    if (program === undefined) return inner();
    const isPlaced = words.some((word) => place.test(String(word)));
    const given = words.map((word) => (place.test(String(word)) ? found : word));
    return inner(...wrap(call, world, [program, ...given, ...(isPlaced ? [] : [found])], "fd"));
  },
};

const place = /\{(\/|\/\/|\.|\/\.)?\}/;
const found: Arg = unknown("{}", "it is what fd finds");
