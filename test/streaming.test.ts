/** An answer reaches the reader while it is written, and a broken connection neither loses nor doubles any of it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { EventReader } from "../src/testing/event-stream.ts";
import { until } from "../src/testing/until.ts";
import { answersIn, ChatScene, question } from "./chat-scene.ts";

setDefaultTimeout(30_000);

const pieces = ["Delivery ", "takes ", "three ", "working ", "days ", "[1]."];
const whole = pieces.join("");

let scene: ChatScene;
beforeAll(async () => {
  scene = await ChatScene.start();
}, 60_000);
afterAll(() => scene[Symbol.asyncDispose]());

async function chatStream(message: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${scene.test.url}/api/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${scene.tenant.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ message, stream: true }),
    ...(signal === undefined ? {} : { signal }),
  });
}

const deltasOf = (events: EventReader) => events.of("text-delta").map(({ data }) => String(data.text));

describe("while the model writes", () => {
  test("the visitor has the first words before the model sends its last", async () => {
    const gate = scene.holdBefore(pieces.length - 1, pieces);
    const finished = scene.fake.finished;
    using visitor = scene.visitor();
    await visitor.hello();
    await visitor.say(question);
    await until(() => visitor.streamed().includes("three working"), "the first words");
    expect(scene.fake.finished).toBe(finished);
    expect(answersIn(visitor.all("message").map(({ message }) => message))).toEqual([]);
    gate.open();
    const answer = await visitor.message((message) => message.author.kind === "assistant");
    expect(answer.text).toBe(whole);
    expect(visitor.streamed()).toBe(whole);
    expect(visitor.all("delta").map(({ index }) => index)).toEqual(
      visitor.all("delta").map((_, index) => index),
    );
  });

  test("a program that streams a chat has them too, and at the end the whole message", async () => {
    const gate = scene.holdBefore(pieces.length - 1, pieces);
    const finished = scene.fake.finished;
    await using events = new EventReader(await chatStream(question));
    await until(() => deltasOf(events).join("").includes("three working"), "the first words");
    expect(scene.fake.finished).toBe(finished);
    expect(events.of("message-end")).toEqual([]);
    gate.open();
    const end = await events.next("message-end");
    expect(end.data).toMatchObject({ message: { text: whole, action: "sent", provider: "ollama" } });
    expect(deltasOf(events).join("")).toBe(whole);
    expect(events.events[0]?.event).toBe("message-start");
    await until(() => events.ended, "the end of the stream");
  });

  test("an agent who follows the conversation sees it grow, and one who comes in the middle gets all of it", async () => {
    const gate = scene.holdBefore(3, pieces);
    using visitor = scene.visitor();
    await visitor.hello();
    await visitor.say(question);
    await until(() => visitor.streamed().includes("three"), "the first words");
    const path = `/api/v1/conversations/${await scene.latest()}/stream`;
    await using events = new EventReader(await scene.api("GET", path));
    expect((await events.next("partial")).data.text).toBe("Delivery takes three ");
    gate.open();
    await until(() => events.of("message").length >= 2, "the answer");
    const after = events.of("delta").map(({ data }) => String(data.text));
    expect(`Delivery takes three ${after.join("")}`).toBe(whole);
  });
});

describe("when a connection drops in the middle", () => {
  test("the visitor comes back and gets all so far, then the rest, and nothing twice", async () => {
    const gate = scene.holdBefore(4, pieces);
    using first = scene.visitor();
    const { visitorToken } = await first.hello();
    const seq = await first.say(question);
    await until(() => first.streamed().includes("working"), "the first words");
    first.drop();

    using second = scene.visitor();
    const welcome = await second.hello({ visitorToken, after: seq });
    const partial = await second.next("partial");
    expect(welcome.conversationId).toBe(await scene.latest());
    expect(partial.text).toBe("Delivery takes three working ");
    expect(partial.index).toBe(4);
    gate.open();
    const answer = await second.message((message) => message.author.kind === "assistant");
    expect(answer.text).toBe(whole);
    expect(second.streamed()).toBe(whole);
    expect(second.all("delta")[0]?.index).toBe(partial.index);
    await scene.quiet();
    // The question was known (`after`), so it does not come again; an answer may come again only with a new status.
    expect(second.all("message").map(({ message }) => message.seq)).not.toContain(seq);
    expect(new Set(second.all("message").map(({ message }) => message.id)).size).toBe(1);
    expect((await scene.messages(await scene.latest())).map(({ author }) => author.kind)).toEqual([
      "contact",
      "assistant",
    ]);
  });

  test("an answer that was finished meanwhile is there on return, once", async () => {
    const gate = scene.holdBefore(4, pieces);
    using first = scene.visitor();
    const { visitorToken } = await first.hello();
    const seq = await first.say(question);
    await until(() => first.streamed().includes("working"), "the first words");
    first.drop();
    gate.open();
    await until(async () => answersIn(await scene.messages(await scene.latest())).length === 1, "the answer");
    using second = scene.visitor();
    await second.hello({ visitorToken, after: seq });
    expect((await second.message((message) => message.author.kind === "assistant")).text).toBe(whole);
    expect(second.all("partial")).toEqual([]);
    expect(second.all("delta")).toEqual([]);
  });

  test("a message sent again after the drop with its clientId is one message with one answer", async () => {
    const gate = scene.holdBefore(2, pieces);
    using first = scene.visitor();
    const { visitorToken } = await first.hello();
    const seq = await first.say(question, "the-same");
    first.drop();
    using second = scene.visitor();
    await second.hello({ visitorToken });
    expect(await second.say(question, "the-same")).toBe(seq);
    gate.open();
    await second.message((message) => message.author.kind === "assistant");
    await scene.quiet();
    expect((await scene.messages(await scene.latest())).map(({ author }) => author.kind)).toEqual([
      "contact",
      "assistant",
    ]);
  });

  test("a program that leaves its chat finds the answer in the conversation", async () => {
    const gate = scene.holdBefore(3, pieces);
    const left = new AbortController();
    const events = new EventReader(await chatStream(question, left.signal));
    await until(() => deltasOf(events).length > 1, "the first words");
    left.abort();
    gate.open();
    const id = String((await events.next("message-start")).data.conversationId);
    await until(async () => answersIn(await scene.messages(id)).length === 1, "the answer");
    expect(answersIn(await scene.messages(id))[0]?.text).toBe(whole);
  });
});
