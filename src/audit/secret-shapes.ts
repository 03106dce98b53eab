import { secretLooks } from "../model/secret-looks.js";

/** One way in which a secret stands in a text. */
export interface Shape {
  readonly name: string;
  /** Stands in every match, and in few other texts: where none of the hints is, no pattern need be tried. */
  readonly hint: RegExp;
  /** The secret is the group `s`; without such a group, the whole match. */
  readonly pattern: RegExp;
}

/**
 * Where secrets stand, and what they look like. Order matters: places first (they hide values of any look), then looks, which who
 * searches files for secrets goes by as well.
 * No pattern backtracks over more than one run of characters, so a hostile argument cannot slow a record down.
 */
export const shapes: readonly Shape[] = [
  {
    name: "pem",
    hint: /-----BEGIN/i,
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
  },
  {
    name: "authorization header",
    hint: /authorization/i,
    pattern:
      /\b(?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token|digest|negotiate|aws4-hmac-sha256|apikey)\s{1,4})?(?<s>[^\s"'\\‹][^\r\n"'\\]*)/gi,
  },
  {
    name: "secret header",
    hint: /key|token|secret|auth|cookie/i,
    pattern:
      /\b(?:x-[a-z0-9-]{0,30}(?:key|token|secret|auth)[a-z0-9-]{0,10}|project-access-token|private-token|api-key|cookie|set-cookie)["']?\s{0,4}:\s{0,4}["']?(?<s>[^\s"'\\‹][^\r\n"'\\]*)/gi,
  },
  { name: "bearer", hint: /bearer/i, pattern: /\bbearer\s{1,4}(?<s>[A-Za-z0-9._~+/=-]{8,})/gi },
  {
    name: "url password",
    hint: /:\/\/[^\s/:@'"]{0,200}:/i,
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"]{0,200}:(?<s>[^\s/@'"‹][^\s@'"]{0,400})@/gi,
  },
  {
    name: "named value",
    hint: /pass(?:w|phrase)|secret|token|key|credential|pgpass|_pwd|_auth/i,
    pattern:
      /\b[A-Za-z0-9_.-]{0,60}(?:passwd|password|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|credential|pgpass|_pwd|_auth|client[_-]?secret|session[_-]?key|signing[_-]?key|encryption[_-]?key)[A-Za-z0-9_]{0,20}\\?["']?\s{0,3}[=:]\s{0,3}\\?(?:"(?<s>[^"\\\r\n]{1,4000})|'(?<s2>[^'\r\n]{1,4000})|(?<s3>[^\s"'&;,{}()<>|$‹\\[\]][^\s"'&;,{}()<>|\\]*))/gi,
  },
  {
    name: "user flag",
    hint: /-u\b|-user\b/i,
    pattern:
      /(?:^|\s)(?:-u|--user|--proxy-user|-U)[\s=]{1,3}["']?(?!\d+:\d+\b)[^\s:"'$]{1,200}:(?<s>[^\s"'‹]+)/g,
  },
  {
    name: "password flag",
    hint: /pass|token|secret|key|bearer/i,
    pattern:
      /(?:^|\s)--?(?:[a-z-]{0,30}(?:password|passwd|token|secret|api-key|apikey|access-key|bearer|pass))[\s=]{1,3}(?:"(?<s>[^"]+)|'(?<s2>[^']+)|(?<s3>[^\s"'$‹-][^\s"']*))/gi,
  },
  { name: "sshpass", hint: /sshpass/i, pattern: /\bsshpass\s{1,3}-p\s{0,3}["']?(?<s>[^\s"'‹]+)/g },
  {
    name: "mysql password",
    hint: /mysql|mariadb/i,
    pattern: /\b(?:mysql|mariadb|mysqldump|mysqladmin)\b[^|;&\n]{0,300}?\s-p(?<s>[^\s"'‹]+)/g,
  },
  {
    name: "docker login",
    hint: /login/i,
    pattern: /\blogin\b[^|;&\n]{0,200}?\s-p\s{1,3}["']?(?<s>[^\s"'‹]+)/g,
  },
  {
    name: "netrc",
    hint: /machine/i,
    pattern: /\bmachine\s{1,4}\S{1,200}\s{1,4}login\s{1,4}\S{1,200}\s{1,4}password\s{1,4}(?<s>\S+)/g,
  },
  ...secretLooks.map(({ kind, hint, pattern }) => ({ name: kind, hint, pattern })),
];
