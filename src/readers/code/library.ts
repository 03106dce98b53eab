import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import type { CodeLibrary } from "./cursor.js";
import { readListing } from "./folders.js";
import { moduleName } from "./imports.js";
import { readInputCall } from "./input.js";
import { decodeText, formatText, joinAll, parentOf, textMethod } from "./texts.js";
import {
  type CodeCall,
  type CodeValue,
  flattened,
  hiddenValue,
  joinValues,
  listValue,
  nameOf,
  plainText,
  textValue,
} from "./values.js";

/** The program that a text is: its words, and the file that it stands in. */
export interface CodeProgram {
  readonly call: Call;
  readonly world: World;
  /** Behind the program's own options. */
  readonly words: readonly Arg[];
  readonly file: Arg | undefined;
}

/** What is known of the world that a program would ask for: its arguments, variables, folders, lists of files. */
export function openLibrary(program: CodeProgram): CodeLibrary {
  return { value: (name) => readValue(program, name), call: (call) => readCall(program, call) };
}

const environments =
  /^(?:os\.environ|process\.env|Bun\.env|import\.meta\.env|ENV|\$ENV|\$_ENV|\$_SERVER)\.(\w+)$/;

function readValue({ call, world, words, file }: CodeProgram, name: string): CodeValue | undefined {
  const [, variable] = environments.exec(name) ?? [];
  if (variable !== undefined) return fromEnvironment(call, variable);
  const list = (...front: readonly Arg[]) => listValue([...front, ...words].map((word) => textValue(word)));
  const own = file ?? "-c";
  // Its first word is the interpreter; of a text on the command line there is no second.
  if (/^(process|Bun)\.argv$/.test(name)) return file === undefined ? list("node") : list("node", file);
  switch (name) {
    case "sys.argv":
    case "$argv":
      return list(own);
    // Counted from one, behind the script.
    case "arg":
    case "ARGV":
    case "$ARGV":
    case "@ARGV":
    case "ARGS":
    case "Deno.args":
    case "args":
      return list();
    case "sys.stdin":
    case "STDIN":
    case "ARGF":
      return readInput(call);
    case "__dirname":
    case "__DIR__":
    case "__dir__":
    case "import.meta.dirname":
      return textValue(file === undefined || !isKnown(file) ? "." : parentOf(file));
    case "__file__":
    case "__filename":
    case "__FILE__":
    case "$0":
      return file === undefined ? undefined : textValue(file);
    case "sys.executable":
    case "process.execPath":
    case "PHP_BINARY":
    case "$^X":
      return textValue(call.argv[0] ?? "python3");
    case "os.sep":
    case "path.sep":
    case "os.path.sep":
    case "File.SEPARATOR":
    case "DIRECTORY_SEPARATOR":
      return textValue("/");
    case "os.curdir":
      return textValue(".");
    case "os.linesep":
      return textValue("\n");
    case "$HOME":
      return textValue(world.user.home);
    default:
      return undefined;
  }
}

function fromEnvironment({ env }: Call, name: string): CodeValue | undefined {
  const value = envGet(env, name);
  return value === undefined ? undefined : textValue(value);
}

/** Lines that come on standard input. */
function readInput({ stdin }: Call): CodeValue | undefined {
  if (stdin.kind !== "text") return undefined;
  const lines = stdin.text.split("\n").filter((line) => line !== "");
  return lines.length > 300 ? undefined : listValue(lines.map((line) => textValue(line)));
}

function readCall(program: CodeProgram, call: CodeCall): CodeValue | undefined {
  const { name, values, receiver } = call;
  const { world } = program;
  const constant = readConstant(program, name, call);
  if (constant !== undefined) return constant;
  const decoded = decodeText(name, values, receiver);
  if (decoded !== undefined) return textValue(decoded);
  if (joins.test(name)) return joinPaths(flattened(values), restarts.test(name));
  if (paths.test(name)) return values.length === 0 ? textValue(".", true) : asPath(joinPaths(values, true));
  if (same.test(name)) return values[0] ?? textValue("");
  if (parents.test(name)) return mapTexts(values[0], parentOf);
  if (/^(os\.path\.basename|path\.basename|File\.basename|basename|Path\.basename)$/.test(name))
    return mapTexts(values[0], (text) => text.slice(text.lastIndexOf("/") + 1));
  if (homes.test(name)) return mapTexts(values[0], (text) => text.replace(/^~(?=\/|$)/, world.user.home));
  if (/^(sprintf|format|string\.format|Kernel\.format)$/.test(name) && values[0] !== undefined)
    return formatText(values[0], values.slice(1), call.source);
  if (modules.test(name)) return readModule(values[0]);
  if (name === "getattr" || name === "object.__getattribute__") return readMember(values);
  if (name.endsWith(".__getattribute__") && receiver !== undefined) return readMember([receiver, ...values]);
  if (/^(range|xrange|seq_len)$/.test(name)) return readRange(values);
  return readListing(program, call) ?? readInputCall(program.call, call) ?? readMethod(program, call);
}

function readConstant(program: CodeProgram, name: string, { values }: CodeCall): CodeValue | undefined {
  const { call, world, words } = program;
  if (lookups.test(name)) {
    const variable = plainText(values[0]);
    return (variable === undefined ? undefined : fromEnvironment(call, variable)) ?? values[1];
  }
  if (
    /^(os\.getcwd|process\.cwd|Dir\.pwd|Dir\.getwd|getcwd|Cwd\.getcwd|cwd|Deno\.cwd|pwd|Sys\.getcwd|getwd|File\.cwd!?)$/.test(
      name,
    )
  )
    return textValue(".");
  if (/(^|\.)Path\.cwd$/.test(name)) return textValue(".", true);
  if (/(^|\.)Path\.home$/.test(name)) return textValue(world.user.home, true);
  if (/^(os\.homedir|Dir\.home|homedir|System\.user_home!?|Deno\.homeDir)$/.test(name))
    return textValue(world.user.home);
  if (
    /^(tempfile\.gettempdir|os\.tmpdir|Dir\.tmpdir|sys_get_temp_dir|System\.tmp_dir!?|File\.Spec\.tmpdir)$/.test(
      name,
    )
  )
    return textValue(world.session.temporary[0] ?? "/tmp");
  if (fresh.test(name))
    return textValue({ ...unknown(`${name}()`, "made anew by the program"), shape: "fresh" });
  if (name === "shift" && values.length === 0)
    return words[0] === undefined ? undefined : textValue(words[0]);
  if (name === "commandArgs" || name === "System.argv")
    return listValue(words.map((word) => textValue(word)));
  return undefined;
}

const lookups =
  /^(os\.environ\.get|os\.getenv|ENV\.fetch|ENV\.dig|getenv|Sys\.getenv|System\.get_env|System\.fetch_env!|System\.getenv|Deno\.env\.get|env)$/;
const fresh =
  /^(tempfile\.(mkdtemp|mkstemp|mktemp|TemporaryDirectory|NamedTemporaryFile)|fs(\.promises)?\.mkdtemp(Sync)?|mkdtempSync|Dir\.mktmpdir|Tempfile\.(new|create)|mktempdir|mktemp|tempfile|tempdir|tempnam|tmpfile|os\.tmpname|Deno\.makeTemp(Dir|File)(Sync)?|File\.Temp\.newdir|uuid\.uuid4|crypto\.randomUUID)$/;
const joins =
  /^(os\.path\.join|posixpath\.join|path\.(posix\.)?(join|resolve)|join|resolve|File\.join|File\.expand_path|Path\.join|joinpath|file\.path|File\.Spec\.cat(file|dir)|catfile|catdir)$/;
const paths =
  /(^|\.)((Pure)?(Posix)?Path|Pathname(\.new)?|Pathname|URL\.fileURLWithPath)$|^((java(\(\))?\.io(\(\))?\.)?File|Paths\.get|Path\.of|Bun\.file|NSURL\.fileURLWithPath)$/;
const same =
  /^(vars|str|repr|bytes|bytearray|String|os\.fspath|os\.fsencode|os\.path\.(abspath|realpath|normpath)|path\.normalize|realpath|realpathSync|fs\.realpathSync|abspath|normalizePath|File\.(realpath|absolute_path)|Array|list|sorted|tuple|set|iter|reversed|enumerate|array_values|array_filter|Array\.from|ipairs|pairs|unique|sort|readlink|new String|tostring|to_string|codecs\.encode|compile|quote|shlex\.quote|Shellwords\.escape|escapeshellarg|fileURLToPath|url\.fileURLToPath|URL|pathToFileURL|URI|URI\.parse|URI\.create|Uri\.parse|decodeURIComponent|encodeURI|TextDecoder\.decode|glob\.escape|(util\.)?promisify|Closure\.fromCallable)$/;
const parents =
  /^(os\.path\.dirname|path\.dirname|File\.dirname|dirname|Path\.dirname|File\.Basename\.dirname)$/;
const homes = /^(os\.path\.expanduser|os\.path\.expandvars|expanduser|Path\.expand|path\.expand)$/;
const modules =
  /^(require|import|__import__|importlib\.import_module|process\.binding|createRequire\(\)|module\.require|(Object|Kernel|Module|self)?\.?const_get)$/;

const restarts = /^(os\.path\.join|posixpath\.join|path\.(posix\.)?resolve|resolve)$/;

/** `starts`: an absolute part starts anew. */
function joinPaths(parts: readonly CodeValue[], starts: boolean): CodeValue {
  const texts = parts.filter((part) => plainText(part) !== "");
  const from = starts
    ? texts.findLastIndex((part, at) => at > 0 && (plainText(part) ?? "").startsWith("/"))
    : 0;
  return texts.length === 0 ? textValue(".") : joinAll(texts.slice(Math.max(0, from)), "/");
}

function asPath(value: CodeValue): CodeValue {
  return value.kind === "text" ? { ...value, isPath: true } : value;
}

function mapTexts(value: CodeValue | undefined, edit: (text: string) => string): CodeValue | undefined {
  if (value?.kind !== "text") return undefined;
  return { ...value, any: value.any.map((text) => (isKnown(text) ? edit(text) : text)) };
}

function readModule(value: CodeValue | undefined): CodeValue | undefined {
  const name = plainText(value);
  return name === undefined ? undefined : { kind: "name", name: moduleName(name) };
}

function readMember([owner, member]: readonly CodeValue[]): CodeValue | undefined {
  const name = plainText(member);
  return owner === undefined || name === undefined
    ? undefined
    : { kind: "name", name: `${nameOf(owner)}.${name}` };
}

function readRange(values: readonly CodeValue[]): CodeValue | undefined {
  const numbers = values.map((value) => Number(plainText(value) ?? "x"));
  const [from = 0, to = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  const count = Math.ceil((to - from) / step);
  if (!(count > 0 && count <= 300))
    return { kind: "text", any: [{ ...unknown("range", "a number"), shape: "name" }], isPath: false };
  return listValue(Array.from({ length: count }, (_, at) => textValue(String(from + at * step))));
}

function readMethod(
  program: CodeProgram,
  { name, receiver, values, source }: CodeCall,
): CodeValue | undefined {
  if (receiver === undefined) return undefined;
  const method = name.slice(name.lastIndexOf(".") + 1);
  if (receiver.kind === "list") {
    if (
      /^(filter|select|reject|sort|slice|concat|reverse|compact|uniq|flatten|to_a|toList|flat|each|with_index|values|keys|sort_by|each_with_index)$/.test(
        method,
      )
    )
      return method === "slice"
        ? listValue(receiver.items.slice(Number(plainText(values[0]) ?? 0)))
        : receiver;
    if (/^(map|flatMap|collect)$/.test(method))
      return values[0] === undefined ? receiver : listValue([values[0]]);
    if (method === "join") return joinAll(receiver.items, plainText(values[0]) ?? ",");
    if (/^(pop|shift|first|last|get|next)$/.test(method))
      return receiver.items.at(/^(pop|last)$/.test(method) ? -1 : 0);
    return undefined;
  }
  // `fs.readdirSync(d).filter(…)` of a folder that cannot be listed, `sys.stdin.read().split()`.
  if (receiver.kind === "made" && /^(filter|select|sort|map|split|each)$/.test(method)) return undefined;
  if (receiver.kind !== "text") return undefined;
  if (receiver.isPath) {
    if (method === "expanduser")
      return mapTexts(receiver, (text) => text.replace(/^~(?=\/|$)/, program.world.user.home));
    if (/^(joinpath|join|child|resolve|plus|appendingPathComponent)$/.test(method) && values.length > 0)
      return asPath(joinPaths([receiver, ...flattened(values)], true));
    if (/^(with_name|sibling)$/.test(method) && values[0] !== undefined)
      return asPath(joinValues(mapTexts(receiver, parentOf) ?? hiddenValue(source), values[0], "/"));
    if (/^(replace|sub)$/.test(method)) return undefined;
  }
  return textMethod(method, receiver, values);
}
