import { isKnown } from "../../model/arg.js";
import { readText } from "../files/text-file.js";
import { declareOptions, optionValues, readOptions } from "../options.js";
import { joinPath, resolvePath } from "../path.js";
import { inner, type Reader } from "../reader.js";
import { wrap } from "../sight.js";

const options = declareOptions("anywhere", [
  "--script:",
  "--script-args:",
  "--datadir:",
  "-i:",
  "-p:",
  "-o:",
]);

/** `nmap --script ./x.nse`: Lua that runs here. What has no path is one of its own scripts, or a category. */
export const nmap: Reader = {
  names: ["nmap"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const names = optionValues(given, "script")
      .filter(isKnown)
      .flatMap((text) => text.split(","));
    const files = names.flatMap((name) => {
      const path = resolvePath(call, world, name.replace(/^\+/, ""));
      if (path === undefined || !isKnown(path)) return [];
      if (world.readFile(path, 1).ok) return [path];
      const listing = world.readdir(path, 100);
      return listing.ok
        ? listing.names.filter((one) => one.endsWith(".nse")).map((one) => joinPath(path, one))
        : [];
    });
    return inner(
      ...files.flatMap((file) => {
        // What the line itself has just made is no file yet for whoever comes later.
        const text = world.lstat(file).exists ? undefined : readText(call, world, file);
        return wrap(call, world, text === undefined ? ["lua", file] : ["lua", "-e", text], "nmap --script");
      }),
    );
  },
};
