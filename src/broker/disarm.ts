/**
 * Whether a line at a prompt of zsh or fish would take away what holds such lines: the hooks by their names, all hooks of a kind
 * at once, or a function in the place of a builtin that the hooks use. One array of zsh's hooks alone is set anew by the others.
 */
export function disarms(text: string): boolean {
  if (/__hp_|\brefused-by-holdpoint\s*\(|\bfunction\s+refused-by-holdpoint/.test(text)) return true;
  if (patterns.some((pattern) => pattern.test(text))) return true;
  const arrays = new Set(text.match(/\b(?:preexec|precmd|zshaddhistory)_functions\b(?!\+=)/g));
  return arrays.size > 1 && /_functions=|\bunset\b|\btypeset\b/.test(text);
}

const builtins =
  "builtin|emulate|trap|setopt|unsetopt|unset|print|return|shift|zmodload|commandline|exec|functions|bind|contains|status|test";
const patterns: readonly RegExp[] = [
  // zsh: `unfunction -m '*'`, `functions=()`, `functions[trap]=:`, `zmodload -u zsh/parameter`.
  /\b(?:unfunction|disable|unhash|unset)\b[^;&|\n]*[*?]/,
  /(?:^|[\s;&|({])functions(?:\[[^\]]*\])?=|\bunset\s+functions\b/,
  /\bzmodload\s+-\w*u/,
  // fish: `functions -e (functions -a)`, `bind --erase --all` is put right at the next prompt.
  /\bfunctions\b[^;&|\n]*\s(?:-\w*e\w*|--erase)\b[^;&|\n]*(?:[*$(]|\bcommandline\b)/,
  new RegExp(`(?:^|[\\s;&|({])(?:${builtins})\\s*\\(\\s*\\)`),
  new RegExp(`(?:^|[\\s;&|({])function\\s+(?:${builtins})(?![\\w.-])`),
];
