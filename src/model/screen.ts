/** A human's terminal for as long as a card is on it: nothing else draws there, and keys come here alone. */
export interface Screen {
  /** Columns and rows, both at least 1. */
  size(): ScreenSize;
  /** `shown` is called once the terminal has taken the text. */
  write(text: string, shown?: () => void): void;
  listen(listener: ScreenListener): void;
  /** Replies of the terminal to what the program underneath had asked: they reach it after the card. */
  keep(bytes: Uint8Array): void;
  /** Gives the terminal back as it was; `closed` is called once it is, so that nothing is written to the card's screen. */
  close(closed: () => void): void;
}

/** In character cells. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a card hears of its terminal. `onBytes`: keys, pastes, and replies of the terminal, undivided. */
export interface ScreenListener {
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onResize: () => void;
  /** The terminal went away, or the session that it belongs to ended. */
  readonly onLost: () => void;
}

/** Takes the terminal. `later`: it is someone else's just now (a background job); `gone`: there is none any more. */
export type OpenScreen = () => Screen | "later" | "gone";
