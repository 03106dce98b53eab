import { kindByName } from "./kind-by-name.js";
import { isLookAlike } from "./look-alike.js";
import { looksRandom } from "./randomness.js";
import { isSecretValue } from "./secret-value.js";
import { type Candidate, decodeBase64, lineAround, type Source } from "./source.js";

/** Headers that authenticate, and words of commands that do: `Authorization: Bearer …`, `curl -u me:…`, `sshpass -p …`. */
export function findInHeaders(source: Source): readonly Candidate[] {
  return [...authorization(source), ...flags(source)];
}

function authorization({ text, file }: Source): readonly Candidate[] {
  if (!/thorization/.test(text)) return [];
  return [...text.matchAll(header)].flatMap((match): readonly Candidate[] => {
    const [whole, scheme = "", , written = ""] = match;
    const start = match.index + whole.lastIndexOf(written);
    const place = { start, end: start + written.length, key: "Authorization" };
    if (/basic/i.test(scheme)) {
      const login = decodeBase64(written);
      const value = login?.slice(login.indexOf(":") + 1) ?? "";
      if (login?.includes(":") !== true || value.length < 6) return [];
      if (isLookAlike(value) || !isSecretValue(value, "password", file)) return [];
      return [{ ...place, kind: "basic-auth", value, forms: [written] }];
    }
    if (!looksRandom(written, file.isSample || file.role === "prose" ? 20 : 16) || isLookAlike(written))
      return [];
    return [{ ...place, kind: kindByName("", lineAround(text, start)) ?? "bearer", value: written }];
  });
}

const header =
  /\b(?:authorization["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]?\s{0,2}(?:(bearer|token|basic|apikey|api-key|digest)\s{1,4})|(bearer)\s{1,4})([A-Za-z0-9+/_.~=-]{8,4000})/gi;

function flags({ text, file }: Source): readonly Candidate[] {
  // `-p` means something else in every other language.
  if (!file.isBare || !commands.test(text)) return [];
  return [...text.matchAll(flag)].flatMap((match): readonly Candidate[] => {
    const value = Object.values(match.groups ?? {}).find((group) => group !== undefined) ?? "";
    const start = match.index + match[0].length - value.length;
    if (value.length < 6 || isLookAlike(value) || !isSecretValue(value, "password", file)) return [];
    const kind = /mysql|mariadb/.test(match[0])
      ? "mysql"
      : /^docker|^podman|^helm/.test(match[0])
        ? "docker-registry"
        : "basic-auth";
    return [{ kind, key: undefined, value, start, end: start + value.length }];
  });
}

const commands = /curl |sshpass|mysql|mariadb|wget |redis-cli|login/;
const flag =
  /\b(?:curl|http|https|wget)\b[^\n|;]{0,300}?\s(?:-u|--user|-a|--auth)[\s=]["']?[^\s:"'$]{1,100}:(?<a>[^\s"'$]{4,200})|\bsshpass\s{1,3}-p\s{0,3}["']?(?<b>[^\s"'$]{4,200})|\b(?:mysql|mariadb|mysqldump|mysqladmin)\b[^|;&\n]{0,200}?\s-p["']?(?<c>[^\s"'$]{4,200})|\bredis-cli\b[^|;&\n]{0,200}?\s-a\s["']?(?<d>[^\s"'$]{4,200})|\b(?:docker|podman|helm)\b[^|;&\n]{0,40}\blogin\b[^|;&\n]{0,200}?\s-p\s["']?(?<e>[^\s"'$]{4,200})/g;
