import type { World } from "../model/world.js";
import type { Caller } from "./conversation.js";

/**
 * Tells a shim that someone is at work on its call as soon as that is more than a matter of a moment: when a folder, a file or
 * git is read. Most calls are answered before a word about it would arrive, and each word wakes the shim for nothing.
 */
export class Attention {
  private caller: Caller | undefined;

  /** What is looked at from now on is for this caller. */
  turnTo(caller: Caller): void {
    this.caller = caller;
  }

  /** The same world; whoever reads in it is heard. */
  over(world: World): World {
    const { git } = world;
    const heard =
      <A extends readonly unknown[], R>(read: (...args: A) => R) =>
      (...args: A): R => {
        this.tell();
        return read(...args);
      };
    return {
      ...world,
      readdir: heard(world.readdir),
      readFile: heard(world.readFile),
      git: {
        ...git,
        tracked: heard(git.tracked),
        ignoredSinceStart: heard(git.ignoredSinceStart),
        query: heard(git.query),
      },
    };
  }

  /** Once a call: the heart goes on from there. */
  private tell(): void {
    const { caller } = this;
    this.caller = undefined;
    caller?.beat?.();
  }
}
