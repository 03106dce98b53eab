import { declareOptions } from "../options.js";

/** Those of HTTPie 3 and of xh 0.25 together: the letters that both have mean the same. */
const valued =
  "--boundary,--raw,-s --style,--response-charset,--response-mime,--format-options,--pretty,-p --print," +
  "-P --history-print,-o --output,--session,--session-read-only,-a --auth,-A --auth-type,--bearer,--proxy," +
  "--max-redirects,--max-headers,--timeout,--verify,--ssl,--ciphers,--cert,--cert-key,--cert-key-pass," +
  "--default-scheme,--http-version,--resolve,--interface,--unix-socket,--generate";

const switches =
  "-j --json,-f --form,--multipart,-x --compress,--unsorted,--sorted,-h --headers,-m --meta,-b --body,-v --verbose," +
  "--all,-S --stream,-d --download,-c --continue,-q --quiet,--ignore-netrc,--offline,-F --follow,--path-as-is,--chunked," +
  "-I --ignore-stdin,--check-status,--native-tls,--https,-4 --ipv4,-6 --ipv6,--curl,--curl-long,--traceback,--debug";

const names = (list: string) => list.split(",").map((spellings) => spellings.replace(/^.*--/, ""));

/** Each has a `--no-NAME` that takes it back. */
export const httpieOptions = declareOptions("anywhere", [
  ...valued.split(",").map((spellings) => `${spellings}:`),
  ...switches.split(","),
  ...[...names(valued), ...names(switches)].map((name) => `--no-${name}`),
  "--help",
  "--manual",
  "-V --version",
]);
