import { type Arg, isKnown, showArg } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { Credential } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { credential, environmentCredentials, wordCredentials } from "../credentials/credential.js";
import { shownPath } from "../credentials/tool.js";
import { hasOption, type Options, optionValue } from "../options.js";
import { resolvePath } from "../path.js";
import type { Server } from "./effects.js";

/** Where a MySQL program connects to, and what its option files say about that. */
export interface MysqlConnection {
  readonly server: Server;
  readonly settings: ReadonlyMap<string, string>;
}

export const connectionOptions = [
  "-D --database:",
  "-h --host:",
  "-P --port:",
  "-u --user:",
  "-p --password::",
  "-S --socket:",
  "--defaults-file:",
  "--defaults-extra-file:",
  "--defaults-group-suffix:",
  "--no-defaults",
  "--print-defaults",
  "--login-path:",
  "--no-login-paths",
  "--protocol:",
  "--default-character-set:",
  "--character-sets-dir:",
  "--connect-timeout:",
  "--max-allowed-packet:",
  "--net-buffer-length:",
  "--bind-address:",
  "--ssl",
  "--skip-ssl",
  "--ssl-ca:",
  "--ssl-capath:",
  "--ssl-cert:",
  "--ssl-cipher:",
  "--ssl-key:",
  "--ssl-mode:",
  "--ssl-verify-server-cert",
  "--tls-version:",
  "--plugin-dir:",
  "--default-auth:",
  "--get-server-public-key",
  "--server-public-key-path:",
  "--enable-cleartext-plugin",
  "-C --compress",
  "--compression-algorithms:",
  "--zstd-compression-level:",
  "-f --force",
  "-v --verbose",
  "-s --silent",
  "-# --debug::",
  "-V --version",
  "-I -? --help",
] as const;

/** `groups`: the sections of the option files that this program reads, beside `[client]`. */
export function readConnection(
  call: Call,
  world: World,
  options: Options,
  tool: string,
  groups: readonly string[],
  operand?: Arg,
): MysqlConnection {
  const files = readOptionFiles(call, world, options, groups);
  const { settings } = files;
  const pick = (name: string, variable?: string): string | undefined =>
    shown(optionValue(options, name)) ??
    settings.get(name) ??
    (variable === undefined ? undefined : shown(envGet(call.env, variable)));
  const loginPath = shown(optionValue(options, "login-path"));
  const host =
    pick("host", "MYSQL_HOST") ?? (loginPath === undefined ? "localhost" : `login-path ${loginPath}`);
  const port = pick("port", "MYSQL_TCP_PORT");
  const server: Server = {
    tool,
    engine: "mysql",
    host: port === undefined || port === "3306" ? host : `${host}:${port}`,
    database: shown(optionValue(options, "database")) ?? shown(operand) ?? settings.get("database") ?? "",
    credentials: findCredentials(call, world, options, files),
  };
  return { server, settings };
}

/** An option, then the option files, then the variable. */
function findCredentials(
  call: Call,
  world: World,
  options: Options,
  { settings, passwordFile }: OptionFiles,
): readonly Credential[] {
  const literal = optionValue(options, "password");
  if (literal !== undefined && literal !== "") return wordCredentials(call, world, "password", literal);
  const stored = settings.get("password");
  if (stored !== undefined && stored !== "" && passwordFile !== undefined)
    return [credential(call, world, "password", stored, `config:${shownPath(passwordFile, world)}`)];
  const path = optionValue(options, "login-path");
  if (path !== undefined && isKnown(path))
    return [{ name: `login-path ${path}`, from: "config:~/.mylogin.cnf", fingerprint: "" }];
  return environmentCredentials(call, world, ["MYSQL_PWD"]);
}

/** A host that cannot be foreseen must not pass for this machine: it is shown as it was written. */
function shown(word: Arg | undefined): string | undefined {
  const text = word === undefined ? "" : showArg(word);
  return text === "" ? undefined : text;
}

interface OptionFiles {
  readonly settings: ReadonlyMap<string, string>;
  /** The file that says the password. */
  readonly passwordFile: string | undefined;
}

/** https://dev.mysql.com/doc/refman/8.4/en/option-files.html; the last file that names an option counts. */
function readOptionFiles(call: Call, world: World, options: Options, groups: readonly string[]): OptionFiles {
  const only = optionValue(options, "defaults-file");
  const extra = optionValue(options, "defaults-extra-file");
  const usual: readonly Arg[] = hasOption(options, "no-defaults")
    ? []
    : [
        "/etc/my.cnf",
        "/etc/mysql/my.cnf",
        ...(extra === undefined ? [] : [extra]),
        `${world.user.home}/.my.cnf`,
      ];
  const suffix = shown(optionValue(options, "defaults-group-suffix")) ?? "";
  const wanted = new Set(["client", "client-mariadb", ...groups].flatMap((group) => [group, group + suffix]));
  const settings = new Map<string, string>();
  let passwordFile: string | undefined;
  for (const file of only === undefined ? usual : [only]) {
    const path = resolvePath(call, world, file);
    const content = path === undefined || !isKnown(path) ? undefined : world.readFile(path, 1 << 16);
    if (content?.ok !== true || path === undefined || !isKnown(path)) continue;
    for (const [name, value] of readSections(decodeBytes(content.bytes), wanted)) {
      settings.set(name, value);
      if (name === "password") passwordFile = path;
    }
  }
  return { settings, passwordFile };
}

function readSections(text: string, wanted: ReadonlySet<string>): readonly (readonly [string, string])[] {
  let isWanted = false;
  return text.split("\n").flatMap((written): readonly (readonly [string, string])[] => {
    const line = written.trim();
    if (line.startsWith("[")) isWanted = wanted.has(line.slice(1, line.indexOf("]")));
    if (!isWanted || /^([#;[]|$)/.test(line)) return [];
    const equals = line.indexOf("=");
    const name = (equals < 0 ? line : line.slice(0, equals)).trim().replaceAll("_", "-");
    const value =
      equals < 0
        ? ""
        : line
            .slice(equals + 1)
            .replace(/\s#[^'"]*$/, "")
            .trim();
    return [[name, value.replace(/^(["'])(.*)\1$/, "$2")]];
  });
}
