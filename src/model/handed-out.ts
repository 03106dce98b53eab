/** What is executed, and with which words: the program itself, or a script's interpreter. */
export interface HandedOut {
  /** What a shim gets the program for; undefined where the path leads to it. */
  readonly token?: string;
  readonly program: string;
  readonly argv: readonly string[];
}
