import type { Question, QuestionItem } from "../model/question.js";

/**
 * A question as it is shown: where an effect's environment is not known, what a look at the provider says of it. For the words alone;
 * what is judged, granted and remembered never hears of it.
 */
export function withLookups(question: Question): Question {
  const known = shown.get(question);
  if (known !== undefined) return known;
  const items = question.items.map(lookedUp);
  const made = items.every((item, at) => item === question.items[at]) ? question : { ...question, items };
  shown.set(question, made);
  return made;
}

/** A card is drawn four times a second. */
const shown = new WeakMap<Question, Question>();

function lookedUp(item: QuestionItem): QuestionItem {
  const places = new Map(
    (item.previews?.found ?? []).flatMap(({ effect, environment }) =>
      environment === undefined ? [] : [[effect, environment] as const],
    ),
  );
  const { effects } = item.judgement;
  if (![...places.keys()].some((at) => effects[at]?.environment === "unknown")) return item;
  return {
    ...item,
    judgement: {
      ...item.judgement,
      effects: effects.map((effect, at) => {
        const place = places.get(at);
        return place === undefined || effect.environment !== "unknown"
          ? effect
          : { ...effect, environment: `${place}, by lookup` };
      }),
    },
  };
}
