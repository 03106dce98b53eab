/** Ends a switch over a tagged union: a new tag that a switch forgot is a compile error, and at run time a broken promise. */
export function assertNever(value: never): never {
  throw new Error(`unforeseen variant ${JSON.stringify(value)}`);
}
