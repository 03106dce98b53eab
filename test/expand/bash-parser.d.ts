declare module "bash-parser" {
  /** Throws on what POSIX does not know. */
  export default function parse(text: string): unknown;
}
