/** How an answer that is being written may end otherwise: a person takes over, the model does not know, its server fails. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { EventReader } from "../src/testing/event-stream.ts";
import { until } from "../src/testing/until.ts";
import type { Visitor } from "../src/testing/visitor.ts";
import { answersIn, ChatScene, delivery, question } from "./chat-scene.ts";

setDefaultTimeout(30_000);

const pieces = ["Delivery ", "takes ", "three ", "working ", "days ", "[1]."];

let scene: ChatScene;
beforeAll(async () => {
  scene = await ChatScene.start();
}, 60_000);
afterAll(() => scene[Symbol.asyncDispose]());

/** Asks and waits for the answer. */
async function ask(visitor: Visitor, text = question) {
  await visitor.hello();
  await visitor.say(text);
  return visitor.message((message) => message.author.kind === "assistant");
}

describe("a person who takes over in the middle", () => {
  const ways = {
    "by taking the conversation": (id: string) =>
      scene.api("POST", `/api/v1/conversations/${id}/handover`, {}),
    "by replying": (id: string) =>
      scene.api("POST", `/api/v1/conversations/${id}/messages`, { text: "I am Eva." }),
    "by closing it": (id: string) => scene.api("POST", `/api/v1/conversations/${id}/resolution`),
  };

  test.each(Object.entries(ways))(
    "%s ends the model's request, and nothing of the answer is kept",
    async (_, take) => {
      const gate = scene.holdBefore(4, pieces);
      const { aborted, finished } = scene.fake;
      using visitor = scene.visitor();
      await visitor.hello();
      await visitor.say(question);
      await until(() => visitor.streamed().includes("working"), "the first words");
      const id = await scene.latest();
      expect((await take(id)).ok).toBe(true);
      await until(() => scene.fake.aborted === aborted + 1, "the model's request to be ended");
      gate.open();
      await scene.quiet();
      expect(scene.fake.finished).toBe(finished);
      const messages = await scene.messages(id);
      expect(answersIn(messages)).toEqual([]);
      expect(JSON.stringify(messages)).not.toContain("three working");
      await visitor.next("turn", ({ state }) => state === "done");
      expect((await scene.get<{ items: unknown[] }>("/api/v1/jobs?state=dead")).items).toEqual([]);
    },
  );

  test("a visitor who asks for a person in the middle ends it too", async () => {
    const gate = scene.holdBefore(4, pieces);
    const { aborted } = scene.fake;
    using visitor = scene.visitor();
    await visitor.hello();
    await visitor.say(question);
    await until(() => visitor.streamed().includes("working"), "the first words");
    visitor.send({ type: "handover" });
    await until(() => scene.fake.aborted === aborted + 1, "the model's request to be ended");
    gate.open();
    await scene.quiet();
    expect(answersIn(await scene.messages(await scene.latest()))).toEqual([]);
  });

  test("a program that waits for the answer is told that there is none", async () => {
    const gate = scene.holdBefore(4, pieces);
    const before = await scene.latest();
    const waiting = scene.api("POST", "/api/v1/chat", { message: question });
    const id = await until(async () => {
      const latest = await scene.latest();
      return latest === before ? null : latest;
    }, "the conversation");
    await scene.api("POST", `/api/v1/conversations/${id}/handover`, {});
    expect(await (await waiting).json()).toMatchObject({ message: { action: "none", text: "" } });
    gate.open();
  });
});

describe("a model that says it does not know", () => {
  test.each([
    { says: "the mark alone", sent: ["NO_ANSWER"] },
    { says: "the mark in pieces", sent: ["NO", "_ANS", "WER"] },
    { says: "the mark after a space and with a full stop", sent: [" ", "NO_", "ANSWER", "."] },
    { says: "the mark with a reason", sent: ["NO_ANSWER", " because ", "the sources ", "are silent."] },
    { says: "words before the mark", sent: ["Sorry, ", "I cannot ", "say: ", "NO_", "ANSWER"] },
    { says: "the mark after a source", sent: ["[1] ", "NO_ANSWER"] },
    { says: "the mark in bold", sent: ["**", "NO_ANSWER", "**"] },
  ])("$says: the visitor never sees the mark, and the question goes to a person", async ({ sent }) => {
    scene.model({ pieces: () => sent });
    using visitor = scene.visitor();
    const answer = await ask(visitor);
    expect(answer.action).toBe("handed_over");
    expect(answer.text).toStartWith("I don't know");
    await visitor.next("turn", ({ state }) => state === "done");
    const shown = visitor.frames.map((frame) => JSON.stringify(frame)).join("\n");
    expect(`${visitor.streamed()}\n${shown}`).not.toMatch(/NO_|_ANS|ANSWER/);
  });

  test("an answer that merely begins like the mark is shown whole", async () => {
    const sent = ["N", "O", ", ", "delivery ", "is not ", "free ", "[1]."];
    scene.model({ pieces: () => sent });
    using visitor = scene.visitor();
    expect((await ask(visitor)).text).toBe(sent.join(""));
    expect(visitor.streamed()).toBe(sent.join(""));
  });
});

describe("a model whose server fails", () => {
  test.each([
    { when: "at the start, with an error", model: { failWith: 500 } },
    { when: "at the start, with a missing model", model: { failWith: 404 } },
    { when: "before its first word", model: { pieces: () => pieces, breakAfter: 0 } },
    { when: "in the middle", model: { pieces: () => pieces, breakAfter: 3 } },
  ])("$when: the visitor gets quotes from the documents instead", async ({ model }) => {
    scene.model(model);
    using visitor = scene.visitor();
    const answer = await ask(visitor);
    expect(answer.action).toBe("sent");
    expect(answer.citations?.length).toBeGreaterThan(0);
    for (const { quote } of answer.citations ?? []) {
      expect(delivery).toContain(quote);
      expect(answer.text).toContain(quote);
    }
    const stored = answersIn(await scene.messages(await scene.latest()));
    expect(stored.map(({ id }) => id)).toEqual([answer.id]);
    expect(scene.test.logged.some((line) => line.includes("language model failed"))).toBe(true);
  });

  test("a program that streams gets the quotes in the whole message at the end", async () => {
    scene.model({ pieces: () => pieces, breakAfter: 3 });
    await using events = new EventReader(
      await scene.api("POST", "/api/v1/chat", { message: question, stream: true }),
    );
    const end = await events.next("message-end");
    expect(end.data).toMatchObject({ message: { provider: "builtin", action: "sent" } });
    expect(events.of("error")).toEqual([]);
  });
});

describe("marks of sources", () => {
  test.each([
    {
      cut: "between the bracket and the number",
      sent: ["Three days ", "[", "1", "]", "."],
      shown: "Three days [1].",
    },
    {
      cut: "inside a list",
      sent: ["Three days [", "1,", " 9", "] at most."],
      shown: "Three days [1] at most.",
    },
    { cut: "letter by letter", sent: [..."Three days [1]. Yes [1]."], shown: "Three days [1]. Yes [1]." },
  ])("cut $cut come out whole", async ({ sent, shown }) => {
    scene.model({ pieces: () => sent });
    using visitor = scene.visitor();
    const answer = await ask(visitor);
    expect(answer.text).toBe(shown);
    expect(visitor.streamed()).toBe(shown);
    for (const { text } of visitor.all("delta"))
      expect(text.replace(/\[\d\]/g, "")).not.toMatch(/\[\d*$|^\d*\]/);
  });

  test.each([
    { what: "a mark without its end", sent: ["Three days [", "1"], shown: "Three days [1" },
    {
      what: "brackets that are no mark",
      sent: ["Three [", "working", "] days [1]."],
      shown: "Three [working] days [1].",
    },
  ])("$what: nothing of the text is lost", async ({ sent, shown }) => {
    scene.model({ pieces: () => sent });
    using visitor = scene.visitor();
    expect((await ask(visitor)).text).toBe(shown);
    expect(visitor.streamed()).toBe(shown);
  });
});
