import { showAge } from "../../model/amount.js";
import type { Answer } from "./client.js";

/** What there is nothing to say without. Throws where it was not answered. */
export function need<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

/** `, made 3 days ago`, or nothing where the time is not known. */
export function ageOf(time: string | null | undefined, now: number, verb = ""): string {
  const then = time === undefined || time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(then) ? "" : `, ${verb === "" ? "" : `${verb} `}${showAge(then, now)}`;
}

/** The words that are not empty, with commas between. */
export function list(...words: readonly (string | undefined | false)[]): string {
  return words.filter((word) => word).join(", ");
}
