/** Where in a text credentials may be: what is sought around these places alone need not go through all of it again. */
export interface Landmarks {
  /** Where a part of a telling name ends, ascending: `TOKEN|=…`. The name around it decides. */
  readonly names: readonly number[];
  /** What may have a look of its own (`ghp_…`), with what stands before it; joined by line ends. Empty for most texts. */
  readonly near: string;
}

export function findLandmarks(text: string): Landmarks {
  return { names: findNames(text), near: [...findTails(text), ...findBeginnings(text)].join("\n") };
}

/** A part of each name that may tell. Most texts have one, so that this is made to be fast. */
const hints = /pass(?:w|phr|c|\b)|pwd|secret|token|credential|[_.-]key|[a-z]Key\b|[ipst]key/gi;

function findNames(text: string): readonly number[] {
  const found: number[] = [];
  hints.lastIndex = 0;
  // A tenth of what `matchAll` takes, which makes an array for each.
  while (hints.test(text)) found.push(hints.lastIndex);
  return found;
}

/** Most looks are a long word behind a dash or a dot. */
const tails = /[_.~-](?<=[A-Za-z0-9].)[A-Za-z0-9_-]{16,}/g;

function findTails(text: string): readonly string[] {
  const found: string[] = [];
  // A drawn word has a digit, or a capital behind a small letter; most names with dashes have neither.
  for (const { 0: word, index } of text.matchAll(tails))
    if (/\d|[a-z][A-Z]/.test(word)) found.push(text.slice(Math.max(0, index - 15), index + word.length));
  return found;
}

function findBeginnings(text: string): readonly string[] {
  const found: string[] = [];
  const keep = (at: number): unknown => found.push(text.slice(Math.max(0, at - 40), at + 80));
  if (letters.test(text)) for (const { index } of text.matchAll(allLetters)) keep(index);
  // Three times as fast as a pattern.
  for (const one of plain)
    for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + one.length)) keep(at);
  return found;
}

/** The others, as they begin. */
const letters = /A[KS]IA[A-Z0-9]|AIza|ATATT|eyJ[A-Za-z0-9]|:AA[\w-]{8}/;
const allLetters = new RegExp(letters, "g");
const plain = ["FlyV1", "hooks.slack.com", ".com/api/webhooks/", "AccountKey=", "AccessKey="];
