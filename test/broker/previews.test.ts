import { expect, test } from "vitest";
import { createHandle } from "../../src/broker/handle.js";
import { Questions } from "../../src/broker/questions.js";
import type { Preview, PreviewPort } from "../../src/model/preview.js";
import type { Answer, Asker, Question } from "../../src/model/question.js";
import {
  allowOnce,
  fakeBench,
  fakeCaller,
  fakeClock,
  fileDelete,
  judged,
  memoryLog,
  settle,
  shimCall,
} from "./fakes.js";

// What is looked up while a question is up: when, who hears of it, what the record says.

const rm = shimCall(["rm", "/keep/a"]);
const preview: Preview = { effect: 0, kind: "files", state: "found", rows: ["a: 3 bytes"], tookMs: 5 };

/** Finds its one thing when told. */
function lookers() {
  const looks: { find(): void; readonly isStopped: boolean }[] = [];
  const port: PreviewPort = {
    look(_judgement, onNews) {
      let found: readonly Preview[] = [];
      let isStopped = false;
      let finish = () => {};
      const done = new Promise<void>((resolve) => (finish = resolve));
      looks.push({
        find() {
          found = [preview];
          finish();
          onNews();
        },
        get isStopped() {
          return isStopped;
        },
      });
      return {
        now: () => ({ found, isLooking: found.length === 0 && !isStopped }),
        done,
        stop() {
          isStopped = true;
          finish();
        },
      };
    },
  };
  return { looks, port };
}

/** A person at a terminal: what the card says, each time that it is drawn. */
function watcher() {
  const drawn: (readonly string[] | "looking")[] = [];
  let reply: (answer: Answer) => void = () => {};
  const note = ({ items: [item] }: Question) =>
    drawn.push(
      item?.previews?.isLooking === true
        ? "looking"
        : (item?.previews?.found ?? []).flatMap(({ rows }) => rows),
    );
  const asker: Asker = {
    ask(question, _signal, follow) {
      note(question);
      follow?.(note);
      return new Promise((resolve) => (reply = resolve));
    },
  };
  return { drawn, asker, answer: (answer: Answer) => reply(answer) };
}

test("the card comes up at once and is drawn anew when more is known; the record of the question says what that was", async () => {
  const { looks, port } = lookers();
  const person = watcher();
  const log = memoryLog();
  const reply = createHandle(fakeBench({ asker: person.asker, previews: port, log }))(rm, fakeCaller());
  await settle();
  expect(person.drawn).toEqual(["looking"]);
  expect(log.records.map(({ event }) => event)).toEqual(["exec"]);
  looks[0]?.find();
  await settle();
  expect(person.drawn).toEqual(["looking", ["a: 3 bytes"]]);
  expect(log.records.slice(1)).toEqual([{ event: "ask", question: "q1", previews: [preview] }]);
  person.answer(allowOnce);
  expect((await reply).verb).toBe("exec");
  expect(log.records.map(({ event }) => event)).toEqual(["exec", "ask", "answer"]);
});

test("an answer does not wait for it, and ends it", async () => {
  const { looks, port } = lookers();
  const person = watcher();
  const log = memoryLog();
  const reply = createHandle(fakeBench({ asker: person.asker, previews: port, log }))(rm, fakeCaller());
  await settle();
  person.answer(allowOnce);
  expect((await reply).verb).toBe("exec");
  expect(looks[0]?.isStopped).toBe(true);
  expect(log.records.map(({ event }) => event)).toEqual(["exec", "ask", "answer"]);
  looks[0]?.find();
  await settle();
  expect(person.drawn).toEqual(["looking"]);
});

test("nothing is looked up where nobody is asked", async () => {
  const { looks, port } = lookers();
  const person = watcher();
  for (const mode of ["deny", "observe"] as const)
    await createHandle(fakeBench({ asker: person.asker, previews: port, mode }))(rm, fakeCaller());
  await createHandle(fakeBench({ asker: person.asker, previews: port }))(shimCall(["ls"]), fakeCaller());
  await createHandle(
    fakeBench({ asker: person.asker, previews: port, judge: () => judged("deny", [fileDelete("/keep/a")]) }),
  )(rm, fakeCaller());
  await createHandle(fakeBench({ previews: port }))(rm, fakeCaller());
  expect(looks).toHaveLength(0);
});

test("a question whose record cannot be written allows nothing", async () => {
  const { looks, port } = lookers();
  const person = watcher();
  const log = memoryLog();
  const reply = createHandle(fakeBench({ asker: person.asker, previews: port, log }))(rm, fakeCaller());
  await settle();
  log.failure = new Error("disk full");
  looks[0]?.find();
  expect(await reply).toMatchObject({ verb: "exit", status: 126 });
});

test("the same question from several callers is looked up once, and whoever opens it elsewhere waits a moment for it", async () => {
  const { looks, port } = lookers();
  const clock = fakeClock();
  const questions = new Questions({
    asker: undefined,
    elsewhere: true,
    session: "s",
    label: "agent",
    timeout: 300_000,
    clock,
  });
  const judgement = judged("ask", [fileDelete("/keep/a")]);
  const plea = () => ({
    ...{
      item: { text: "rm /keep/a", cwd: "/proj", judgement },
      line: undefined,
      refusedBefore: 0,
      gone: new AbortController().signal,
    },
    look: (onNews: () => void) => port.look(judgement, onNews),
  });
  const [first, second] = [questions.put(plea()), questions.put(plea())];
  expect(looks).toHaveLength(1);
  expect(second.evidence).toBe(first.evidence);
  const opened: string[] = [];
  void questions.looked("q1").then(() => opened.push("q1"));
  await clock.advance(1000);
  expect(opened).toEqual([]);
  await clock.advance(600);
  expect(opened).toEqual(["q1"]);
  const changes: number[] = [];
  questions.onChange(() => changes.push(1));
  looks[0]?.find();
  await settle();
  expect(changes).toHaveLength(1);
  expect(questions.waiting()[0]?.question.items[0]?.previews).toEqual({ found: [preview], isLooking: false });
});
