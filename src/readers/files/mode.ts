/** What chmod would make of a mode, for a folder and for anything else. */
export type ModeChange = (mode: number, isFolder: boolean) => number;

export const bits = {
  special: 0o6000,
  sticky: 0o1000,
  ownerRead: 0o400,
  ownerSearch: 0o100,
  othersRead: 0o004,
  othersWrite: 0o002,
  othersSearch: 0o001,
} as const;

/** An octal or symbolic mode of chmod(1), as GNU and BSD take it; undefined for what is none. */
export function readMode(text: string): ModeChange | undefined {
  const octal = /^([-+=]?)([0-7]{1,5})$/.exec(text);
  if (octal !== null) return octalChange(octal[1] ?? "", octal[2] ?? "");
  const clauses = text.split(",").map((clause) => /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause));
  const steps = clauses.flatMap((clause) =>
    clause === null
      ? []
      : [...(clause[2] ?? "").matchAll(/([-+=])([rwxXstugo]*)/g)].map(([, operator = "", letters = ""]) =>
          step(clause[1] ?? "", operator, letters),
        ),
  );
  if (clauses.includes(null)) return undefined;
  return (mode, isFolder) => steps.reduce((so, change) => change(so, isFolder), mode);
}

function octalChange(operator: string, digits: string): ModeChange {
  const value = Number.parseInt(digits, 8);
  if (operator === "+") return (mode) => mode | value;
  if (operator === "-") return (mode) => mode & ~value;
  // GNU leaves a folder's set-ID bits alone unless they are spelled out.
  return (mode, isFolder) => (isFolder && digits.length < 5 ? value | (mode & bits.special) : value);
}

/** Of a mode that names nobody, the usual umask keeps writing from the group and all others. */
const usualMask = 0o022;

function step(who: string, operator: string, letters: string): ModeChange {
  const isAll = who === "" || who.includes("a");
  const classes = [...(isAll ? "ugo" : who)];
  return (mode, isFolder) => {
    const given = classes.reduce((sum, one) => sum | bitsOf(one, letters, mode, isFolder), 0);
    const value = (who === "" ? given & ~usualMask : given) | (letters.includes("t") ? bits.sticky : 0);
    if (operator === "+") return mode | value;
    if (operator === "-") return mode & ~value;
    const cleared = classes.reduce((sum, one) => sum | (0o7 << (shifts[one] ?? 0)), 0);
    return (mode & ~cleared) | value;
  };
}

const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

function bitsOf(who: string, letters: string, mode: number, isFolder: boolean): number {
  const shift = shifts[who] ?? 0;
  const [copied = ""] = /^[ugo]$/.exec(letters) ?? [];
  if (copied !== "") return ((mode >> (shifts[copied] ?? 0)) & 0o7) << shift;
  const runs = letters.includes("x") || (letters.includes("X") && (isFolder || (mode & 0o111) > 0));
  const plain = (letters.includes("r") ? 4 : 0) + (letters.includes("w") ? 2 : 0) + (runs ? 1 : 0);
  const special = letters.includes("s") ? (who === "u" ? 0o4000 : who === "g" ? 0o2000 : 0) : 0;
  return (plain << shift) | special;
}
