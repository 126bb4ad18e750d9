/** From the assistant to a person and back: stories of Mara, who asks on the web site, and Eva, who answers there. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { ConversationBody } from "../src/http/schemas.ts";
import type { Visitor } from "../src/testing/visitor.ts";
import { answersIn, ChatScene, question, unknownQuestion } from "./chat-scene.ts";

setDefaultTimeout(30_000);

let scene: ChatScene;
beforeAll(async () => {
  scene = await ChatScene.start();
}, 60_000);
beforeEach(() => scene.model({}));
afterAll(() => scene[Symbol.asyncDispose]());

const conversationOf = (id: string) => scene.get<ConversationBody>(`/api/v1/conversations/${id}`);
const act = async (method: string, id: string, what: string, body?: unknown) => {
  const response = await scene.api(method, `/api/v1/conversations/${id}/${what}`, body);
  expect(response.ok).toBe(true);
};
const eventsOf = () =>
  scene.test.app.store.read(scene.tenant.id, (reader) =>
    reader.all<{ type: string }>("SELECT type FROM events ORDER BY seq").map(({ type }) => type),
  );

/** The next answer of the assistant after `seq`. */
function answerAfter(visitor: Visitor, seq: number) {
  return visitor.message((message) => message.seq > seq && message.author.kind === "assistant");
}

/** Mara asks something that the documents do not say. */
async function askUnknown(visitor: Visitor): Promise<string> {
  await visitor.hello();
  await visitor.say(unknownQuestion);
  await visitor.message((message) => message.action === "handed_over");
  return scene.latest();
}

describe("a question that the documents do not answer", () => {
  test("is handed over: the visitor is told, and the conversation waits for a person with the reason", async () => {
    using mara = scene.visitor();
    await mara.hello();
    const seq = await mara.say(unknownQuestion);
    const answer = await answerAfter(mara, seq);
    expect(answer).toMatchObject({ action: "handed_over", confidence: { level: "low" } });
    expect(answer.text).toStartWith("I don't know");
    expect((await mara.next("state", ({ status }) => status === "human")).emailKnown).toBe(false);
    const conversation = await conversationOf(await scene.latest());
    expect(conversation.status).toBe("human");
    expect(conversation.handover).toMatchObject({ requestedBy: "assistant" });
    expect(conversation.handover?.reason).not.toBe("");
    expect(conversation.assignee).toBeUndefined();
    const waiting = await scene.get<{ items: { id: string }[] }>("/api/v1/conversations?status=human");
    expect(waiting.items.map(({ id }) => id)).toContain(conversation.id);
    expect(await eventsOf()).toContain("conversation.handed_over");
  });

  test("over the API: action handed_over with a visible text, and the next message is not answered", async () => {
    const first = (await (await scene.api("POST", "/api/v1/chat", { message: unknownQuestion })).json()) as {
      conversationId: string;
      message: { action: string; text: string };
    };
    expect(first.message.action).toBe("handed_over");
    expect(first.message.text).not.toBe("");
    const { conversationId } = first;
    const second = await scene.api("POST", "/api/v1/chat", { message: question, conversationId });
    expect(await second.json()).toMatchObject({ conversationId, message: { action: "none", text: "" } });
  });

  test("further messages are kept and not answered while it waits for a person", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    const asked = scene.fake.chats.length;
    await mara.say(question);
    await mara.say("Is anybody there?");
    await scene.quiet();
    expect(scene.fake.chats.length).toBe(asked);
    const messages = await scene.messages(id);
    expect(messages.map(({ author }) => author.kind)).toEqual(["contact", "assistant", "contact", "contact"]);
  });
});

describe("a visitor who goes on with the assistant", () => {
  test("gets the answer to what was asked while nobody was there, and no greeting before it", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    const seq = await mara.say(question);
    await scene.quiet();
    mara.send({ type: "handover", cancel: true });
    const answer = await answerAfter(mara, seq);
    expect(answer.action).toBe("sent");
    const messages = await scene.messages(id);
    expect(messages.map(({ author }) => author.kind)).toEqual([
      "contact",
      "assistant",
      "contact",
      "assistant",
    ]);
  });
});

describe("the list of those who wait", () => {
  test("holds a conversation until a person has written, and again when the visitor writes back", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    const waiting = async () => {
      const list = await scene.get<{ items: { id: string }[] }>("/api/v1/conversations?waiting=true");
      return list.items.some((item) => item.id === id);
    };
    expect(await waiting()).toBe(true);
    await act("POST", id, "messages", { text: "Let me look." });
    expect(await waiting()).toBe(false);
    const others = await scene.get<{ items: { id: string }[] }>("/api/v1/conversations?waiting=false");
    expect(others.items.map((item) => item.id)).toContain(id);
    await mara.say("Have you found it?");
    expect(await waiting()).toBe(true);
    const of = async (query: string) =>
      (await scene.get<{ items: { id: string }[] }>(`/api/v1/conversations?${query}`)).items.length;
    expect(await of("assignee=nobody")).toBe(0);
    expect(await of("from=2099-01-01T00:00:00Z")).toBe(0);
    expect(await of("to=2000-01-01T00:00:00Z")).toBe(0);
    expect(await of(`assignee=${(await conversationOf(id)).assignee?.id}`)).toBeGreaterThan(0);
  });
});

describe("a person", () => {
  test("gets the e-mail address, answers live, gives back, and the assistant goes on", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    mara.send({ type: "handover", email: "mara@home.example" });
    await mara.next("state", ({ emailKnown }) => emailKnown);
    expect((await conversationOf(id)).contact.email).toBe("mara@home.example");

    await act("POST", id, "messages", { text: "France did. This is Eva." });
    const reply = await mara.message((message) => message.author.kind === "agent");
    expect(reply.text).toBe("France did. This is Eva.");
    expect(reply.author.name).toBe("first");
    expect((await mara.next("state", ({ agent }) => agent !== undefined)).status).toBe("human");
    expect((await conversationOf(id)).assignee?.name).toBe("first");
    const stored = (await scene.messages(id)).find(({ author }) => author.kind === "agent");
    expect(stored?.author.kind).toBe("agent");

    const unanswered = await mara.say(question);
    await scene.quiet();
    expect(answersIn(await scene.messages(id)).every(({ seq }) => seq < unanswered)).toBe(true);

    await act("DELETE", id, "handover");
    const returned = await mara.message((message) => message.author.kind === "system");
    expect(returned.text).not.toBe("");
    expect(await conversationOf(id)).toMatchObject({ status: "ai" });
    expect((await conversationOf(id)).assignee).toBeUndefined();
    const seq = await mara.say(question);
    expect((await answerAfter(mara, seq)).action).toBe("sent");
  });

  test("who replies without having taken it over has it from then on", async () => {
    using mara = scene.visitor();
    await mara.hello();
    await answerAfter(mara, await mara.say(question));
    const id = await scene.latest();
    await act("POST", id, "messages", { text: "Can I help you further?" });
    expect(await conversationOf(id)).toMatchObject({ status: "human", assignee: { name: "first" } });
    const seq = await mara.say(question);
    await scene.quiet();
    expect(answersIn(await scene.messages(id)).some((message) => message.seq > seq)).toBe(false);
  });

  test("an offline visitor finds the reply on his return", async () => {
    using mara = scene.visitor();
    await mara.hello();
    const { visitorToken } = await mara.next("welcome");
    await mara.say(unknownQuestion);
    const told = await mara.message((message) => message.action === "handed_over");
    const id = await scene.latest();
    mara.drop();
    await act("POST", id, "messages", { text: "It was France." });
    using later = scene.visitor();
    const welcome = await later.hello({ visitorToken, after: told.seq });
    expect(welcome.status).toBe("human");
    expect((await later.message((message) => message.author.kind === "agent")).text).toBe("It was France.");
  });

  test("is asked for in words: nothing is looked up, and a person gets it", async () => {
    using mara = scene.visitor();
    await mara.hello();
    const seq = await mara.say("I want to talk to a human please");
    expect((await answerAfter(mara, seq)).action).toBe("handed_over");
    const conversation = await conversationOf(await scene.latest());
    expect(conversation).toMatchObject({ status: "human", handover: { requestedBy: "visitor" } });
  });

  test("is asked for with the button, twice: once is enough and told once", async () => {
    using mara = scene.visitor();
    await mara.hello();
    await answerAfter(mara, await mara.say(question));
    mara.send({ type: "handover" });
    mara.send({ type: "handover" });
    await mara.message((message) => message.author.kind === "system");
    await mara.say("Thank you, I will wait");
    await scene.quiet();
    const messages = await scene.messages(await scene.latest());
    expect(messages.filter(({ author }) => author.kind === "system").length).toBe(1);
  });

  test("cannot be asked for before there is a question, and a bad address is refused", async () => {
    using mara = scene.visitor();
    await mara.hello();
    mara.send({ type: "handover" });
    expect((await mara.next("error")).code).toBe("conflict");
    mara.send({ type: "handover", email: "not an address" });
    expect((await mara.next("error", ({ code }) => code === "invalid_request")).message).toContain("email");
  });
});

describe("a visitor who would rather go on with the assistant", () => {
  test("may take it back as long as no person has answered", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    mara.send({ type: "handover", cancel: true });
    await mara.next("state", ({ status }) => status === "ai");
    expect((await conversationOf(id)).status).toBe("ai");
    const seq = await mara.say(question);
    expect((await answerAfter(mara, seq)).action).toBe("sent");
  });

  test("may not once a person has", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    await act("POST", id, "messages", { text: "I am here." });
    await mara.message((message) => message.author.kind === "agent");
    mara.send({ type: "handover", cancel: true });
    expect((await mara.next("error")).code).toBe("conflict");
    expect(await conversationOf(id)).toMatchObject({ status: "human", assignee: { name: "first" } });
  });
});

describe("a conversation that is closed", () => {
  test("is listed as such, opens again by request, and a new message opens it and is answered", async () => {
    using mara = scene.visitor();
    await mara.hello();
    await answerAfter(mara, await mara.say(question));
    const id = await scene.latest();
    await act("POST", id, "resolution");
    expect((await conversationOf(id)).status).toBe("resolved");
    await mara.next("state", ({ status }) => status === "resolved");
    await act("DELETE", id, "resolution");
    expect((await conversationOf(id)).status).toBe("ai");
    await act("POST", id, "resolution");
    const seq = await mara.say(question);
    expect((await answerAfter(mara, seq)).action).toBe("sent");
    expect(await conversationOf(id)).toMatchObject({ id, status: "ai" });
    expect(await scene.latest()).toBe(id);
  });

  test("while a person had it: it is nobody's any more and the assistant answers again", async () => {
    using mara = scene.visitor();
    const id = await askUnknown(mara);
    await act("POST", id, "messages", { text: "It was France." });
    await act("POST", id, "resolution");
    const conversation = await conversationOf(id);
    expect(conversation.assignee).toBeUndefined();
    expect(conversation.handover).toBeUndefined();
    const seq = await mara.say(question);
    expect((await answerAfter(mara, seq)).action).toBe("sent");
  });
});
