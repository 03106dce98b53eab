import { type Arg, isKnown } from "../../model/arg.js";
import { inner, nothing, type Reader } from "../reader.js";

/** `java -jar jenkins-cli.jar delete-job x` is the program that the archive is named after. */
export const java: Reader = {
  names: ["java"],
  read({ argv }) {
    const at = argv.indexOf("-jar");
    const archive: Arg | undefined = at < 0 ? undefined : argv[at + 1];
    if (archive === undefined || !isKnown(archive)) return nothing;
    const name = archive.slice(archive.lastIndexOf("/") + 1).replace(/([-_.]\d[\w.-]*)?\.jar$/, "");
    const words = [name, ...argv.slice(at + 2)];
    return name === "" || name === "java"
      ? nothing
      : inner({ kind: "call", argv: words, via: "java", sight: "never" });
  },
};
