export interface Shape {
  readonly name: string;
  /** Stands in every match, and in few other texts: where none of the hints is, no pattern need be tried. */
  readonly hint: RegExp;
  /** The secret is the group `s`; without such a group, the whole match. */
  readonly pattern: RegExp;
}

/**
 * Where secrets stand, and what they look like. Order matters: places first (they hide values of any look), then looks.
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
  {
    name: "aws key id",
    hint: /\b(?:AKIA|ASIA|AIDA|AROA)/i,
    pattern: /\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}\b/g,
  },
  {
    name: "github",
    hint: /\bgh[pousr]_|\bgithub_pat/i,
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  },
  { name: "gitlab", hint: /\bgl[a-z]{2,4}-/i, pattern: /\bgl(?:pat|dt|rt|ptt|soat|cbt)-[A-Za-z0-9_-]{16,}/g },
  {
    name: "slack",
    hint: /\bxox|hooks\.slack/i,
    pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bhooks\.slack\.com\/services\/[A-Za-z0-9/]{20,}/g,
  },
  {
    name: "stripe",
    hint: /\b(?:sk|rk|whsec)_/i,
    pattern: /\b(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/g,
  },
  { name: "model keys", hint: /\bsk-/i, pattern: /\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{16,}/g },
  { name: "google", hint: /\bAIza|\bya29/i, pattern: /\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{20,}/g },
  { name: "jwt", hint: /\beyJ/i, pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?/g },
  {
    name: "registries",
    hint: /\b(?:npm_|pypi-|rubygems_|dckr_)/i,
    pattern:
      /\b(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|rubygems_[a-f0-9]{40,}|dckr_pat_[A-Za-z0-9_-]{20,})/g,
  },
  {
    name: "mail and phone",
    hint: /\bSG\.|\b(?:SK|AC)[a-f0-9]{32}|\bkey-/i,
    pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|\b(?:SK|AC)[a-f0-9]{32}\b|\bkey-[a-f0-9]{32}\b/g,
  },
  {
    name: "clouds",
    hint: /\b(?:hf|do[opr]_v1|sbp|sb|napi|pscale|fm[12]|rnd|vc[apir]|lin_api|shp[a-z]{2})_|\bFlyV1|\bdapi[a-f0-9]|AGE-SECRET/i,
    pattern:
      /\b(?:hf_[A-Za-z0-9]{20,}|do[opr]_v1_[a-f0-9]{40,}|sbp_[a-f0-9]{30,}|sb_secret_[A-Za-z0-9_-]{16,}|napi_[A-Za-z0-9]{30,}|pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{20,}|FlyV1\s[A-Za-z0-9_+/=,-]{20,}|fm[12]_[A-Za-z0-9_+/=]{20,}|rnd_[A-Za-z0-9]{20,}|vc[apir]_[A-Za-z0-9]{20,}|dapi[a-f0-9]{32}|lin_api_[A-Za-z0-9]{30,}|shp(?:at|ss|ca)_[a-f0-9]{30,}|AGE-SECRET-KEY-1[A-Z0-9]{50,})/g,
  },
];
