/** Whether a variable's name says that its value is a secret, and the value does not say otherwise. */
export function isSecretVariable(name: string, value: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(name) || /^HOLDPOINT_/.test(name)) return false;
  if (/^(?:[a-z][\w+.-]*):\/\/[^\s/]*:[^\s/]+@/i.test(value)) return true;
  return telling.test(name) && value.length >= 8 && !/^[/~.]|^(true|false|null)$|^\$\{?\w+\}?$/i.test(value);
}

const telling =
  /(^|_)(pass(word|wd|phrase)?|pwd|secret|token|api_?key|private_?key|access_?key|auth_?key|credentials?|dsn|pat)(_|$|\d)|apikey$/i;
