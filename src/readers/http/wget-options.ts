import { type Arg, isKnown } from "../../model/arg.js";
import { declareOptions, type Options, optionValue } from "../options.js";

/** Those of GNU Wget 1.25 and of wget2 that take a value. */
const valued =
  "-A --accept,--accept-regex,-a --append-output,-B --base,--bind-address,--bind-dns-address,--body-data,--body-file," +
  "--ca-certificate,--ca-directory,--certificate,--certificate-type,--ciphers,--compression,--config,--connect-timeout," +
  "--crl-file,--cut-dirs,--default-page,-P --directory-prefix,--dns-servers,--dns-timeout,-D --domains,--dot-style," +
  "--egd-file,-X --exclude-directories,--exclude-domains,-e --execute,--follow-tags,--ftp-password,--ftp-user,--header," +
  "--hsts-file,--http-passwd --http-password,--http-user,--ignore-tags,-I --include-directories,-i --input-file," +
  "--input-metalink,-l --level,--limit-rate,--load-cookies,--local-encoding,--max-redirect,--metalink-index,--method," +
  "-n --no,-O --output-document,-o --output-file,--password,--pinnedpubkey,--post-data,--post-file,--prefer-family," +
  "--preferred-location,--private-key,--private-key-type,--progress,-Y --proxy__compat,--proxy-passwd --proxy-password," +
  "--proxy-user,-Q --quota,--random-file,--read-timeout,--referer,--regex-type,-R --reject,--reject-regex,--rejected-log," +
  "--remote-encoding,--report-speed,--restrict-file-names,--retry-on-http-error,--save-cookies,--secure-protocol," +
  "--start-pos,-T --timeout,-t --tries,--use-askpass,--user,-U --user-agent,-w --wait,--waitretry,--warc-dedup," +
  "--warc-file,--warc-header,--warc-max-size,--warc-tempdir," +
  // wget2's own
  "--chunk-size,--domains-exclude,--filter-urls,--gnupg-homedir,--http-proxy,--http-proxy-password,--http-proxy-user," +
  "--https-proxy,--http2-request-window,--hpkp-file,--input-encoding,--max-threads,--mime-types,--netrc-file," +
  "--ocsp-file,--signature-extensions,--tls-session-file,--verify-sig,--stats-all,--stats-dns," +
  "--stats-ocsp,--stats-server,--stats-site,--stats-tls";

/** Switches: each also as `--no-NAME`, and as `--NAME=off`. */
const switches =
  "-E --adjust-extension,--ask-password,--auth-no-challenge,-b --background,-K --backup-converted,--cache," +
  "--check-certificate,--clobber,-c --continue,--content-disposition,--content-on-error,--convert-file-only," +
  "-k --convert-links,--cookies,-d --debug,--delete-after,--directories,--dns-cache,--follow-ftp,-x --force-directories," +
  "-F --force-html,--ftps-clear-data-connection,--ftps-fallback-to-ftp,--ftps-implicit,--ftps-resume-ssl,--glob," +
  "--host-directories,--hsts,--html-extension,--htmlify,--http-keep-alive,--https-only,--if-modified-since," +
  "--ignore-case,--ignore-length,-4 --inet4-only,-6 --inet6-only,--iri,--keep-badhash,--keep-session-cookies," +
  "--metalink-over-http,-m --mirror,--netrc,-p --page-requisites,--parent,--passive-ftp,--preserve-permissions," +
  "--protocol-directories,--proxy,-q --quiet,--random-wait,-r --recursive,-L --relative,--remove-listing," +
  "--retr-symlinks,--retry-connrefused,--save-headers,-S --server-response,--show-progress,-H --span-hosts,--spider," +
  "--strict-comments,-N --timestamping,--trust-server-names,--unlink,--use-server-timestamps,-v --verbose,--warc-cdx," +
  "--warc-compression,--warc-digests,--warc-keep-log,--xattr,--chunked,--force-css,--force-sitemap,--force-atom," +
  "--force-rss,--force-metalink,--http2,--http2-only,--metalink,--robots,--tcp-fastopen,--tls-resume,--sitemap";

export const wgetOptions = declareOptions("anywhere", [
  ...valued.split(",").map((spellings) => `${spellings}:`),
  // With a value only as `--NAME=off`: as a letter a switch takes none.
  ...switches.split(",").flatMap((spellings) => {
    const [long = "", letter] = spellings.split(" ").reverse();
    return [...(letter === undefined ? [] : [`${letter} ${long}`]), `${long}::`, `--no-${long.slice(2)}`];
  }),
  "-h --help",
  "-V --version",
  "--backups::",
  "--dont-remove-listing",
  "--no-config",
]);

/** Whether a switch is on at the end: `-nc` and `--no-clobber` are `clobber` off. */
export function isSwitchedOn(given: Options, name: string, standard = false): boolean {
  let on = standard;
  for (const one of given.given) {
    if (one.name === name)
      on = !(one.value !== undefined && isKnown(one.value) && /^(off|no|0)$/i.test(one.value));
    else if (one.name === `no-${name}`) on = false;
    else if (one.name === "no" && one.value !== undefined && isKnown(one.value)) {
      if ([...one.value].some((letter) => negated.get(letter) === name)) on = false;
    }
  }
  return on;
}

/** Letters behind `-n`. */
const negated: ReadonlyMap<string, string> = new Map([
  ["c", "clobber"],
  ["d", "directories"],
  ["H", "host-directories"],
  ["p", "parent"],
  ["v", "verbose"],
]);

type Given = Options["given"];

/** The lines of a wgetrc as the options they stand for. Case, dashes and underscores do not count in a name. */
export function readWgetrc(text: string): Given {
  return text.split("\n").flatMap((line): Given => {
    const [, name = "", value = ""] = /^\s*([A-Za-z0-9_-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const plain = name.replace(/[-_]/g, "").toLowerCase();
    if (plain === "") return [];
    const given = { name: orders.get(plain) ?? byPlainName().get(plain) ?? plain, value };
    return plain === "noclobber" && /^(on|yes|1)$/i.test(value)
      ? [{ name: "no-clobber", value: undefined }]
      : [given];
  });
}

/** Orders that are not called as their options are. */
const orders: ReadonlyMap<string, string> = new Map([
  ["input", "input-file"],
  ["logfile", "output-file"],
  ["dirprefix", "directory-prefix"],
  ["dirstruct", "force-directories"],
  ["addhostdir", "host-directories"],
  ["reclevel", "level"],
  ["passwd", "ftp-password"],
  ["login", "ftp-user"],
]);

let plainNames: ReadonlyMap<string, string> | undefined;
function byPlainName(): ReadonlyMap<string, string> {
  plainNames ??= new Map([...wgetOptions.long.values()].map(({ name }) => [name.replace(/-/g, ""), name]));
  return plainNames;
}

/** The value given last, if it is not empty. */
export function statedValue(given: Options, name: string): Arg | undefined {
  const value = optionValue(given, name);
  return value === "" ? undefined : value;
}
