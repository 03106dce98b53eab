import { effectKey } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import { askedEffects } from "./grants.js";

/** What a human refused in this session, by effect: asked once, however it is spelled the next time. */
export class Refusals {
  private readonly keys = new Set<string>();
  private readonly byTarget = new Map<string, number>();

  remember(judgement: Judgement): void {
    for (const effect of askedEffects(judgement)) this.keys.add(effectKey(effect));
    this.count(judgement);
  }

  /** Whether any effect of it was refused before; that counts as one more refusal. */
  isRefused(judgement: Judgement): boolean {
    const isRefused = askedEffects(judgement).some((effect) => this.keys.has(effectKey(effect)));
    if (isRefused) this.count(judgement);
    return isRefused;
  }

  /** How often something else was refused to be done to the same targets: an agent that looks for another way round. */
  countBefore(judgement: Judgement): number {
    return Math.max(0, ...targets(judgement).map((target) => this.byTarget.get(target) ?? 0));
  }

  private count(judgement: Judgement): void {
    for (const target of targets(judgement)) {
      if (this.byTarget.size >= mostTargets) this.byTarget.clear();
      this.byTarget.set(target, (this.byTarget.get(target) ?? 0) + 1);
    }
  }
}

/** An agent may put one thing that was refused into ever new calls. The count is only a hint on a card. */
const mostTargets = 5000;

function targets(judgement: Judgement): readonly string[] {
  return [...new Set(askedEffects(judgement).map((effect) => effect.target))];
}
