import type { Showing } from "../broker/control-desk.js";
import type { Question } from "../model/question.js";
import { foundLines, lookingText } from "../prompt/found-section.js";
import { gatherHeadlines } from "../prompt/headlines.js";
import { allowPhrase, makeWord } from "../prompt/phrase.js";
import { redactQuestion } from "../prompt/redacted.js";

/** How a session's questions look from elsewhere: as on its own card, and without its secrets. */
export function showings(redact: (text: string) => string): Showing {
  return {
    card: (question) => redactQuestion(question, redact),
    effects: (question) => effectLines(question, redact),
    command: redact,
    found: (question) =>
      foundLines(question)
        .filter(({ text }) => text !== lookingText)
        .map(({ text }) => redact(text)),
    makeWord,
    phrase: (question, word) => allowPhrase(question.typed, word),
  };
}

/** What would happen, the worst first. */
export function effectLines(question: Question, redact: (text: string) => string): readonly string[] {
  return gatherHeadlines(question).map(
    ({ words, isCertain }) => `${isCertain ? "would" : "might"} ${redact(words)}`,
  );
}
