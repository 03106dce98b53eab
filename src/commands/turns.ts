import { setTimeout as sleep } from "node:timers/promises";
import type { OpenScreen } from "../model/screen.js";

/** One terminal, and two who ask there: the cards, and the question at the end. Keys for one must not reach the other. */
export class Turns {
  private cards = 0;
  private isChoosing = false;

  /** A card, from waiting for its turn to its answer. */
  async ask<T>(card: () => Promise<T>): Promise<T> {
    this.cards += 1;
    try {
      return await card();
    } finally {
      this.cards -= 1;
    }
  }

  /** The question at the end: once the cards that are up or wait have their answers. */
  async choose<T>(question: () => Promise<T>): Promise<T> {
    while (this.cards > 0) await sleep(50);
    this.isChoosing = true;
    try {
      return await question();
    } finally {
      this.isChoosing = false;
    }
  }

  /** Screens for the cards that come meanwhile. */
  afterChoice(open: OpenScreen): OpenScreen {
    return () => (this.isChoosing ? "later" : open());
  }
}
