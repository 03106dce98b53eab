/** Whether someone at the other end of a socket may answer for the human. */
export type Standing =
  | {
      readonly ok: true;
      readonly pid: number;
      /** For the log: `pts/7`; undefined for one without a terminal. */
      readonly terminal: string | undefined;
    }
  /** Why not, for the person who reads it: what was seen, and what to do. */
  | { readonly ok: false; readonly reason: string };
