import { modification, readPaths } from "../file-effects.js";
import { declareOptions, hasOption, optionValues, readOptions, switches } from "../options.js";
import { effects, nothing, type Reader } from "../reader.js";

const options = declareOptions("anywhere", [
  ...switches("acfFhilnrsvVwBRM"),
  ...["-t --types:", "-o --options:", "-O --test-opts:", "-L --label:", "-U --uuid:", "-p --pass-fd:"],
  ...["-B --bind", "-R --rbind", "-M --move", "-T --fstab:", "-N --namespace:", "--source:", "--target:"],
  ...["--target-prefix:", "--make-shared", "--make-private", "-f --fake", "-h --help", "-V --version"],
]);

/** What lies where something is mounted is hidden by it: a scope manifest, hooks, the guard's own files. Nothing of it is lost. */
export const mount: Reader = {
  names: ["mount"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    const [, target] = given.operands;
    const places = [...optionValues(given, "target"), ...(target === undefined ? [] : [target])];
    if (hasOption(given, "fake", "help", "version")) return nothing;
    return effects(
      ...readPaths(call, world, places, "hide", (path) => [
        { ...modification("mount", path), recovery: "needless" },
      ]),
    );
  },
};
