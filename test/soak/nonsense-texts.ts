/** Numbers that look random and are the same for the same seed. https://github.com/bryc/code/blob/master/jshash/PRNGs.md */
export function startDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    below,
    pick: (list) => {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error("nothing to pick");
      return one;
    },
  };
}

export interface Dice {
  below(end: number): number;
  pick<T>(list: readonly T[]): T;
}

/** What means something to a shell, and what should not get that far. */
const letters: readonly string[] = [
  ..."'\"`\\$(){}[]<>|&;#!~*?^=:,.-+@%/ \t\n\r01aexE",
  ...[
    "$(",
    "${",
    "$((",
    "<<",
    "<<<",
    "<<-E\n",
    "<(",
    ">(",
    "||",
    "&&",
    ";;",
    ";;&",
    "|&",
    "&>",
    "((",
    "))",
    "[[",
    "]]",
    "$'",
    '$"',
  ],
  ...[
    " do ",
    " done ",
    " then ",
    " fi ",
    " esac ",
    " in ",
    " case ",
    " if ",
    " while ",
    " for ",
    "function ",
    " select ",
    "time ",
    "coproc ",
  ],
  ...[
    "\u0000",
    "\u0001",
    "\u001b",
    "\u007f",
    "\u0080",
    "\u009b",
    "\u00a0",
    "\u2028",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\ufffd",
  ],
  ...["\ud800", "\udc80", "\udcff", "\u{1f600}", "é", "e\u0301", "漢"],
];

/** A text with one to six characters deleted, inserted, changed or swapped. */
export function damage(text: string, dice: Dice): string {
  let out = text;
  for (let times = 1 + dice.below(6); times > 0; times -= 1) out = damageOnce(out, dice);
  return out;
}

function damageOnce(text: string, dice: Dice): string {
  const at = dice.below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (dice.below(6)) {
    case 0:
      return before + after.slice(1);
    case 1:
      return before + after.slice(1 + dice.below(12));
    case 2:
      return before + dice.pick(letters) + after;
    case 3:
      return before + dice.pick(letters) + after.slice(1);
    case 4:
      return before + after.charAt(1) + after.charAt(0) + after.slice(2);
    default: {
      const part = text.slice(at, at + 1 + dice.below(20));
      const to = dice.below(text.length + 1);
      return text.slice(0, to) + part + text.slice(to);
    }
  }
}

/** Letters in any order, up to 60. */
export function babble(dice: Dice): string {
  return Array.from({ length: 1 + dice.below(60) }, () =>
    dice.below(4) === 0 ? String.fromCharCode(dice.below(65_536)) : dice.pick(letters),
  ).join("");
}
