import type { FileKind } from "./file-kind.js";
import { entropy, looksRandom, wordiness } from "./randomness.js";
import type { Telling } from "./telling-name.js";

/**
 * Whether a value under a telling name is a secret, and not a word that happens to stand there. What must be known of it
 * grows with what else could stand in such a file: in settings a password may be weak, in code it may not.
 */
export function isSecretValue(value: string, telling: NonNullable<Telling>, file: FileKind): boolean {
  if (value.length > 4000 || /\s/.test(value)) return isAppPassword(value, telling);
  if (isSomethingElse(value)) return false;
  if (looksRandom(value, file.isSample || file.role === "prose" ? 20 : file.role === "code" ? 16 : 12))
    return true;
  if (file.isSample || file.role === "prose") return false;
  return telling === "password" && isPassword(value, file.role === "settings");
}

/** Chosen by a person: characters of several kinds, or long and no word. */
function isPassword(value: string, isSetting: boolean): boolean {
  // That a word begins with a capital says nothing.
  const classes = [/[a-z]/, /.[A-Z]/, /\d/, /[^\w\s-]/].filter((one) => one.test(value)).length;
  if (!isSetting) return value.length >= 8 && classes >= 3 && wordiness(value) < 0.9 && entropy(value) >= 2.5;
  if (value.length < 6) return false;
  if (classes >= 2) return entropy(value) >= 2.2 && !/^\d+$/.test(value);
  // Three words or more with something between: a passphrase.
  return /^[a-z]+(?:[-_.][a-z]+){3,}$/i.test(value) || (value.length >= 10 && wordiness(value) < 0.4);
}

/** What a mail provider gives out for one program: four times four letters. */
function isAppPassword(value: string, telling: Telling): boolean {
  return telling === "password" && /^[a-z]{4}(?: [a-z]{4}){3}$/.test(value) && wordiness(value) < 0.6;
}

/** A sum of numbers, a time, a version, a colour, an address, a name with a domain, a path, an id in capitals. */
function isSomethingElse(value: string): boolean {
  return (
    /^[\d.,:+-]+$|^\d{4}-\d\d-\d\dT|^v?\d+(?:\.\d+)+|^#[0-9a-f]{3,8}$|^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/i.test(
      value,
    ) ||
    /^(?:[\w-]+\.)+(?:com|org|net|io|dev|local|internal|svc|cluster)(?::\d+)?(?:\/|$)/i.test(value) ||
    // A path, a route, a selector, an attribute.
    (/^[\w.@:-]*(?:\/[\w.@:{}*-]+){2,}$/.test(value) && !looksRandom(value, 32)) ||
    // CONSTANT_NAMES, kebab-names and camelNames, with a number or two.
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) ||
    /^[a-z]+\d{0,2}(?:[-_.:][a-z]+\d{0,2}){1,2}$/.test(value) ||
    // Code, markup, a sentence without spaces, characters that nobody types into a password's field.
    /[\u0000-\u001f\u007f]|=>|\(\)|&&|\|\||<\/|\/>|^[=!?,;)\]}]|\\[a-z]\\/.test(value) ||
    // Letters beyond ASCII: a translation.
    /[^\x20-\x7e]/.test(value)
  );
}
