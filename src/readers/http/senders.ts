import { type Arg, isKnown, secretsOf } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { HttpEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { isCredentialHeader } from "../credentials/credential.js";
import { toolName } from "../file-effects.js";
import { any, copies, given, messages, type Sender, uploads } from "./sender-shapes.js";
import { type Sent, sentSecrets } from "./sent-files.js";
import { parseUrl } from "./url.js";

/**
 * Files of secrets that leave by a program's words, or by programs that are known for sending and for nothing else: mail,
 * look-ups in the DNS, copies into a cloud's store. What a reader's own options say of files is told by that reader.
 */
export function readSender(call: Call, world: World): readonly HttpEffect[] {
  const tool = toolName(call);
  const sender = senders.get(tool);
  if (sender === undefined) return [];
  const words = call.argv.slice(1);
  if (words.some((word) => word === "--help" || word === "--version")) return [];
  const sent = sender(words);
  return sent === undefined ? [] : sentSecrets(call, world, tool, sent);
}

/** `curl -d "$(cat .env)" URL`: words that go out; those of an authentication apart. */
const web: Sender = (words) => {
  const texts: Arg[] = [];
  const credentials: Arg[] = [];
  words.forEach((word, at) => {
    if (isKnown(word) || secretsOf(word.reason).length === 0) return;
    const before = words[at - 1];
    const option = before !== undefined && isKnown(before) ? before : "";
    if (staysHere.test(option)) return;
    (isCredential(option, word.prefix) ? credentials : texts).push(word);
  });
  // `-T -`: it is not waited for, as a body would be.
  const stdin = words.some(
    (word, at) => (word === "-" || word === ".") && /^(-T|--upload-file)$/.test(String(words[at - 1] ?? "")),
  );
  return { host: urlHost(words), texts, credentials, stdin };
};

/** Files for the program's own use. */
const staysHere =
  /^(-[oODKcE]|--(output(-document|-dir|-file)?|cert|key|cacert|ca-certificate|certificate|private-key|config|cookie-jar|dump-header|directory-prefix|max-time|connect-timeout|retry|limit-rate|verify))$/;

const authentication =
  /^(-[uUba]|--(user|proxy-user|oauth2-bearer|cookie|password|http-password|proxy-password|http-user|auth|pass|bearer|aws-sigv4))$/;

function isCredential(option: string, prefix: string): boolean {
  if (
    authentication.test(option) ||
    /^--(user|password|http-password|auth|cookie|oauth2-bearer)=/.test(prefix)
  )
    return true;
  const header = prefix.replace(/^(-H|--header=)/, "");
  const isHeader =
    /^(-H|--header)$/.test(option) || header !== prefix || /^[A-Za-z][\w-]*:(?!=|\/)/.test(prefix);
  const [, name = ""] = /^([\w-]+):/.exec(header.trimStart()) ?? [];
  return isHeader && (isCredentialHeader(name) || /auth/i.test(name));
}

function urlHost(words: readonly Arg[]): string {
  const texts = words
    .map((word) => (isKnown(word) ? word : word.prefix))
    .filter((text) => !text.startsWith("-"));
  const url =
    texts.find((text) => /^https?:\/\//i.test(text)) ??
    texts.findLast((text) => /^:\d+|^(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(\/|\?|$)/.test(text)) ??
    "";
  return parseUrl(url.replace(/^:(?=\d)/, "localhost:"))?.host ?? "another machine";
}

/** A name that is looked up is told to whoever runs the zone. */
const lookup: Sender = (words) => {
  const named = words.findLast((word) => isKnown(word) && !word.startsWith("-"));
  return {
    host: named !== undefined && isKnown(named) && named.includes(".") ? named : "the DNS",
    texts: words,
  };
};

/** `mail -s x -a FILE who@example.com < FILE` */
const mail: Sender = (words) => {
  const shown = words.filter(isKnown);
  if (
    shown.length === words.length &&
    shown.some((word) => /^-[bt]?(p|v|i|D|q)$/.test(word) && word.length > 2)
  )
    return undefined;
  const to = shown.find((word) => /^[^-\s]+@[\w.-]+$/.test(word));
  return {
    host: to?.replace(/^.*@/, "") ?? "another machine",
    files: words.filter(
      (_, at) => attaches.test(String(words[at - 1] ?? "")) || /^--attach=/.test(String(words[at])),
    ),
    stdin: true,
    texts: words,
  };
};

const attaches = /^(-[aA]|--attach(ment)?|--body|--attach-file)$/;

const senders: ReadonlyMap<string, Sender> = new Map([
  ...named("curl wget wget2 http https xh xhs xhttp xhttps curlie aria2c lynx w3m httpie", web),
  ...named(
    "dig nslookup host drill kdig delv resolvectl ping ping6 fping whois traceroute tracepath mtr getent",
    lookup,
  ),
  ...named("mail mailx s-nail nail mutt neomutt sendmail msmtp swaks ssmtp mpack", mail),
  ...named(
    "aws",
    any(
      copies(/^(cp|sync|mv)$/, /^s3:\/\//, "s3"),
      uploads(/\bput-object\b|\bupload-part\b|\bupload-archive\b/, /^--body$/, "s3"),
      messages(
        /\b(sns publish|sqs send-message|ses send-(raw-)?email|sesv2 send-email|events put-events|kinesis put-record|logs put-log-events)\b/,
        "aws",
      ),
    ),
  ),
  ...named("gsutil", copies(/^(cp|mv|rsync)$/, /^gs:\/\//, "gs")),
  ...named("gcloud", any(copies(/^(cp|mv|rsync)$/, /^gs:\/\//, "gs"), copies(/^scp$/, /^[^/]+:/, "gcloud"))),
  ...named(
    "az",
    uploads(
      /\bstorage (blob|file|fs file|fs directory)( \S+)* (upload|upload-batch|upload-file)\b/,
      /^(-f|--file|-s|--source)$/,
      "azure",
    ),
  ),
  ...named("azcopy", copies(/^(cp|copy|sync|c)$/, /^https?:\/\//, "azure")),
  ...named("rclone", copies(/^(copy|copyto|sync|move|moveto|rcat|bisync)$/, /^[^/]+:/, "rclone")),
  ...named("s3cmd s4cmd", copies(/^(put|sync)$/, /^s3:\/\//, "s3")),
  ...named("s5cmd", copies(/^(cp|mv|sync|pipe)$/, /^s3:\/\//, "s3")),
  ...named("mc mcli", copies(/^(cp|mirror|pipe|put)$/, /^[\w-]+\/[^/]/, "mc")),
  ...named("b2", given(/\b(file upload|upload-file|upload_file|sync)\b/, "b2")),
  ...named(
    "gh",
    any(
      given(/\bgist (create|edit)\b/, "github"),
      given(/\brelease (create|upload)\b/, "github"),
      messages(/\b(issue|pr|discussion) (create|comment|edit|review)\b|\bapi\b/, "github"),
    ),
  ),
  ...named(
    "glab",
    any(
      given(/\bsnippet create\b/, "gitlab"),
      given(/\brelease (create|upload)\b/, "gitlab"),
      messages(/\b(issue|mr) (create|note|update)\b|\bapi\b/, "gitlab"),
    ),
  ),
  ...named("croc wormhole magic-wormhole", given(/\bsend\b/, "another machine")),
  ...named("pastebinit gist ix transfer ffsend wgetpaste nopaste", given(/^/, "a paste")),
  ...named("ipfs", given(/^add\b/, "ipfs")),
  ...named("logger", (words) =>
    words.some((word) => /^(-n|--server)/.test(String(word)))
      ? { host: "another machine", stdin: true, texts: words }
      : undefined,
  ),
  ...named("ncftpput tftp lftp ftp ftpput", (words) => orders(words)),
  ...named("redis-cli mosquitto_pub kcat kafkacat nats websocat wscat", (words) => ({
    host: hostOption(words),
    stdin: true,
    texts: words,
    files: messageFiles(words),
  })),
  ...named("hub", given(/\bgist create\b/, "github")),
]);

function named(names: string, sender: Sender): readonly (readonly [string, Sender])[] {
  return names.split(" ").map((name) => [name, sender] as const);
}

/** `lftp -e 'put .env' host`, `ncftpput host dir .env` */
function orders(words: readonly Arg[]): Sent {
  const inside = words.filter(isKnown).flatMap((word) => {
    const [, files = ""] = /\b(?:m?put|mirror -R|reput)\s+([^;]+)/.exec(word) ?? [];
    return files.split(/\s+/).filter((file) => file !== "" && !file.startsWith("-"));
  });
  const files = [...inside, ...words.slice(1).filter((word) => !isKnown(word) || /^[~./\w]/.test(word))];
  const host = words.find((word) => isKnown(word) && /^[\w-]+(\.[\w-]+)+$/.test(word));
  return { host: String(host ?? "another machine"), files, isWhole: true };
}

function hostOption(words: readonly Arg[]): string {
  const at = words.findIndex((word) => /^(-h|-b|-s|--server|--broker)$/.test(String(word)));
  const value = at < 0 ? words.find((word) => /^wss?:\/\//.test(String(word))) : words[at + 1];
  const text = value === undefined ? "localhost" : isKnown(value) ? value : value.prefix;
  return parseUrl(text)?.host ?? "another machine";
}

function messageFiles(words: readonly Arg[]): readonly Arg[] {
  return words.filter((_, at) => words[at - 1] === "-f" || words[at - 1] === "--file");
}
