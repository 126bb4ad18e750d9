/** Questions with their answers, and those that still wait for one: from the first question to the stored answer. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FakeOllama, startFakeOllama } from "../src/testing/fake-ollama.ts";
import {
  addText,
  publicKeyOf,
  startTestApp,
  type TestApp,
  type TestTenant,
  waitForDocument,
} from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { Visitor } from "../src/testing/visitor.ts";
import { addSecondModel, secondModel, secondModelFolder } from "./second-model.ts";

setDefaultTimeout(60_000);

interface Citation {
  readonly documentId: string;
  readonly chunkId: string;
  readonly title: string;
  readonly quote: string;
}
interface Reply {
  readonly conversationId: string;
  readonly message: {
    readonly id: string;
    readonly text: string;
    readonly action: string;
    readonly provider: string;
    readonly model: string;
    readonly citations: readonly Citation[];
    readonly confidence: { readonly score: number; readonly level: string };
  };
}
interface Group {
  readonly id: string;
  readonly question: string;
  readonly status: string;
  readonly count: number;
  readonly language: string | null;
  readonly documentId: string | null;
  readonly examples: readonly { readonly question: string; readonly conversationId: string }[];
}
interface Document {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly status: string;
  readonly version: number;
  readonly tags: readonly string[];
  readonly qa?: {
    readonly question: string;
    readonly answer: string;
    readonly alternatives: readonly string[];
  };
}

/** One tenant as its owner and its visitors see it. */
class Shop {
  constructor(
    readonly test: TestApp,
    readonly tenant: TestTenant,
  ) {}

  static async open(test: TestApp, name: string): Promise<Shop> {
    return new Shop(test, await test.createTenant(name));
  }

  send(method: string, path: string, body?: unknown): Promise<Response> {
    return this.test.api(this.tenant.apiKey, method, path, body);
  }

  /** @throws when the status is not 2xx */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Asks in a conversation of its own, unless one is named. */
  ask(message: string, conversationId?: string): Promise<Reply> {
    return this.call<Reply>("POST", "/api/v1/chat", { message, conversationId });
  }

  async unanswered(query = ""): Promise<Group[]> {
    return (await this.call<{ items: Group[] }>("GET", `/api/v1/unanswered${query}`)).items;
  }

  /** Stores a pair and waits until it is found by meaning too. */
  async store(pair: Record<string, unknown>): Promise<Document> {
    const { items } = await this.call<{ items: Document[] }>("POST", "/api/v1/documents", pair);
    const [document] = items;
    if (document === undefined) throw new Error("no document came back");
    await this.ready(document.id);
    return document;
  }

  /** Waits until a pair's passages and the vectors of its questions are there. */
  async ready(id: string): Promise<void> {
    const { status, error } = await waitForDocument(this.test, this.tenant.apiKey, id);
    if (status !== "ready") throw new Error(`${id} failed: ${error?.message}`);
    await until(
      () =>
        this.test.app.store.read(
          this.tenant.id,
          (reader) => reader.get("SELECT 1 FROM stored_questions WHERE vector IS NULL") === undefined,
        ),
      "vectors of all questions",
    );
  }

  document(id: string): Promise<Document> {
    return this.call<Document>("GET", `/api/v1/documents/${id}`);
  }

  async events(type: string): Promise<Record<string, unknown>[]> {
    const rows = await this.test.app.store.read(this.tenant.id, (reader) =>
      reader.all<{ data: string }>("SELECT data FROM events WHERE type = ? ORDER BY seq", type),
    );
    return rows.map(({ data }) => JSON.parse(data) as Record<string, unknown>);
  }
}

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server[Symbol.asyncDispose]());

const vouchers =
  "Yes. Vouchers from **10 to 200 euros** are at the till\nand at <b>shop.example</b>.\n\nThey last 3 years.";

describe("a question that nothing was found for", () => {
  test("is on the list with its conversation, joined by those that ask the same, and answered for all of them at once", async () => {
    const shop = await Shop.open(server, "Flora's shop");
    await addText(server, shop.tenant.apiKey, "Delivery", "We deliver parcels within three working days.");
    const first = await shop.ask("Do you sell gift vouchers?");
    expect(first.message.action).toBe("handed_over");
    const again = await shop.ask("do you sell a gift voucher, please");
    await shop.ask("Who won the football world cup of 1998?");
    const [group, other, ...more] = await shop.unanswered();
    expect([group?.question, group?.count, group?.status, group?.language]).toEqual([
      "Do you sell gift vouchers?",
      2,
      "open",
      "en",
    ]);
    expect(group?.examples.map(({ conversationId }) => conversationId)).toEqual([
      again.conversationId,
      first.conversationId,
    ]);
    expect([other?.count, more.length]).toEqual([1, 0]);
    expect((await shop.unanswered("?sort=recent")).map(({ count }) => count)).toEqual([1, 2]);

    const answered = await shop.call<Group>("POST", `/api/v1/unanswered/${group?.id}/answer`, {
      answer: vouchers,
    });
    expect(answered.status).toBe("answered");
    const { qa, source, title } = await shop.document(answered.documentId ?? "");
    expect({ qa, source, title }).toEqual({
      qa: {
        question: "Do you sell gift vouchers?",
        answer: vouchers,
        alternatives: ["do you sell a gift voucher, please"],
      },
      source: "qa",
      title: "Do you sell gift vouchers?",
    });
    // Word for word the same: given before anything is indexed.
    for (const question of ["DO YOU SELL GIFT VOUCHERS", "do you sell a gift voucher please?"]) {
      const { message } = await shop.ask(question);
      expect([message.text, message.action]).toEqual([vouchers, "sent"]);
      expect(message.citations[0]?.documentId).toBe(answered.documentId ?? "");
      expect(message.confidence).toEqual(expect.objectContaining({ score: 1, level: "high" }));
    }
    // And in yet other words, by the vector that the question came with.
    expect((await shop.ask("Hello, can you sell gift vouchers?")).message.text).toBe(vouchers);
    expect((await shop.unanswered()).map(({ id }) => id)).toEqual([other?.id ?? ""]);
    expect((await shop.unanswered("?status=answered")).map(({ id }) => id)).toEqual([group?.id ?? ""]);
    expect(await shop.events("question.unanswered")).toHaveLength(2);
    expect(await shop.events("question.answered")).toEqual([
      { questionId: group?.id, documentId: answered.documentId },
    ]);
  });

  test("opens again when its answer is not found any more, and keeps its wordings when it is answered anew", async () => {
    const shop = await Shop.open(server, "Otto's workshop");
    await shop.ask("Do you repair bicycles?");
    const [group] = await shop.unanswered();
    const path = `/api/v1/unanswered/${group?.id}/answer`;
    const { documentId } = await shop.call<Group>("POST", path, { answer: "Yes, on Mondays." });
    expect((await shop.send("POST", path, { answer: "Yes, on Tuesdays." })).status).toBe(409);
    const changed = { question: "Do you repair bicycles?", answer: "Yes, on Tuesdays." };
    await shop.call("PUT", `/api/v1/documents/${documentId}`, changed);
    expect((await shop.ask("Do you repair bicycles?")).message.text).toBe("Yes, on Tuesdays.");
    await shop.call("DELETE", `/api/v1/documents/${documentId}`);
    expect((await shop.unanswered("?status=answered"))[0]?.documentId).toBeNull();
    expect((await shop.ask("Do you repair bicycles?")).message.action).toBe("handed_over");
    const [open] = await shop.unanswered();
    expect([open?.id, open?.count, open?.status]).toEqual([group?.id, 2, "open"]);
    expect(await shop.events("question.unanswered")).toHaveLength(2);
  });

  test("is dismissed for good, until the owner takes that back", async () => {
    const shop = await Shop.open(server, "Nora's bar");
    await shop.ask("What is the meaning of life?");
    const [group] = await shop.unanswered();
    const path = `/api/v1/unanswered/${group?.id}/dismissal`;
    expect((await shop.call<Group>("POST", path)).status).toBe("dismissed");
    await shop.ask("what is the meaning of life");
    expect(await shop.unanswered()).toEqual([]);
    expect((await shop.unanswered("?status=dismissed"))[0]?.count).toBe(2);
    expect((await shop.call<Group>("DELETE", path)).status).toBe("open");
    expect((await shop.unanswered())[0]?.id).toBe(group?.id ?? "");
  });

  test("is not one where a visitor greets, asks for a person, or has one already", async () => {
    const shop = await Shop.open(server, "Quiet shop");
    await shop.ask("Hello");
    const { conversationId } = await shop.ask("I want to talk to a human");
    await shop.ask("And what is your favourite colour?", conversationId);
    expect(await shop.unanswered()).toEqual([]);
  });

  test("goes when its conversation is erased, also where it stands for others", async () => {
    const shop = await Shop.open(server, "Forgetful shop");
    const { conversationId } = await shop.ask("Is there a cloakroom at your theatre?");
    await shop.ask("is there a cloakroom at your theatre");
    await server.app.store.transact(shop.tenant.id, (writer) => {
      writer.run("UPDATE messages SET reply_to = NULL WHERE conversation_id = ?", conversationId);
      writer.run("DELETE FROM conversations WHERE id = ?", conversationId);
    });
    const [group] = await shop.unanswered();
    expect([group?.count, group?.examples.length]).toEqual([1, 1]);
    await server.app.store.transact(shop.tenant.id, (writer) => {
      writer.run("UPDATE messages SET reply_to = NULL");
      writer.run("DELETE FROM conversations");
    });
    expect(await shop.unanswered()).toEqual([]);
  });

  test("is listed page by page, and a list's cursor is its own", async () => {
    const shop = await Shop.open(server, "Busy shop");
    const asked = ["Do you sell pianos?", "Who invented the zip?", "Is the moon made of cheese?"];
    for (const message of asked) await shop.ask(message);
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await shop.call<{ items: Group[]; nextCursor: string | null }>(
        "GET",
        `/api/v1/unanswered?limit=1${cursor}`,
      );
      seen.push(...page.items.map(({ question }) => question));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(seen.toSorted()).toEqual(asked.toSorted());
    expect((await shop.send("GET", "/api/v1/unanswered?cursor=nonsense")).status).toBe(400);
  });
});

describe("a stored answer", () => {
  test("is given word for word, with a quote that stands in its passage, also asked in other words", async () => {
    const shop = await Shop.open(server, "Word for word");
    const { id } = await shop.store({ question: "Do you sell gift vouchers?", answer: vouchers });
    const { message } = await shop.ask("Can you sell me a gift voucher?");
    expect([message.text, message.provider, message.model, message.confidence.level]).toEqual([
      vouchers,
      "builtin",
      "stored-answer",
      "high",
    ]);
    const { items } = await shop.call<{ items: { id: string; text: string }[] }>(
      "GET",
      `/api/v1/documents/${id}/chunks`,
    );
    const [citation] = message.citations;
    expect(citation?.title).toBe("Do you sell gift vouchers?");
    expect(citation?.quote).not.toBe("");
    expect(items.find((chunk) => chunk.id === citation?.chunkId)?.text).toContain(citation?.quote ?? "-");
    const original = await shop.send("GET", `/api/v1/documents/${id}/original`);
    expect(JSON.parse(await original.text())).toEqual({
      question: "Do you sell gift vouchers?",
      answer: vouchers,
      alternatives: [],
    });
  });

  test("is not given to a question that only sounds like its own", async () => {
    const shop = await Shop.open(server, "Near misses");
    const austria = "Yes, we deliver to Austria for 9 euros.";
    await shop.store({ question: "Do you deliver to Austria?", answer: austria });
    await shop.store({ question: "What are your opening hours on Sunday?", answer: "Noon to five." });
    await shop.store({ question: "How do I cancel order 12?", answer: "Call us." });
    for (const question of [
      "Do you deliver to Australia?",
      "Do you deliver from Austria?",
      "Do you not deliver to Austria?",
      "How long does delivery to Austria take?",
      "What are your opening hours on Monday?",
      "What are your opening hours?",
      "How do I cancel order 13?",
      "How do I not cancel order 12?",
    ])
      expect({ question, model: (await shop.ask(question)).message.model }).toEqual({
        question,
        model: "extractive",
      });
    expect((await shop.ask("is delivery to Austria possible??")).message.citations[0]?.quote).toBe(austria);
    expect((await shop.ask("opening hours sunday")).message.text).toBe("Noon to five.");
  });

  test("is found as a passage by whoever asks about it in other words", async () => {
    const shop = await Shop.open(server, "Passages");
    await shop.store({
      question: "Which dogs may come along?",
      answer: "Small dogs may sit under the table. Cats stay outside.",
    });
    const { message } = await shop.ask("Can my cat come in or must cats stay outside?");
    expect([message.action, message.model]).toEqual(["sent", "extractive"]);
    expect(message.citations[0]?.quote).toContain("Cats stay outside.");
  });

  test("that is changed is the new one at once, and a deleted one is given no more", async () => {
    const shop = await Shop.open(server, "Changing");
    const question = "Wie lange gilt die Garantie?";
    const { id } = await shop.store({ question, answer: "Zwei Jahre.", tags: ["service"] });
    const changed = await shop.call<Document>("PUT", `/api/v1/documents/${id}`, {
      question,
      answer: "Drei Jahre.",
      alternatives: ["Garantiezeit?"],
    });
    expect([changed.version, changed.tags]).toEqual([2, ["service"]]);
    // Whatever changes a document answers with all of it.
    const renamed = await shop.call<Document>("PATCH", `/api/v1/documents/${id}`, { tags: ["warranty"] });
    expect([changed.qa?.answer, renamed.qa?.answer]).toEqual(["Drei Jahre.", "Drei Jahre."]);
    expect((await shop.ask("wie lange gilt die garantie")).message.text).toBe("Drei Jahre.");
    expect((await shop.ask("Garantiezeit")).message.text).toBe("Drei Jahre.");
    await shop.ready(id);
    const { items } = await shop.call<{ items: { text: string }[] }>("GET", `/api/v1/documents/${id}/chunks`);
    expect(items.map(({ text }) => text)).toEqual([`${question}\n\nDrei Jahre.`]);
    await shop.call("DELETE", `/api/v1/documents/${id}`);
    expect((await shop.ask(question)).message.action).toBe("handed_over");
    const left = await server.app.store.read(shop.tenant.id, (reader) => ({
      pairs: reader.all("SELECT 1 FROM question_answers"),
      questions: reader.all("SELECT 1 FROM stored_questions"),
      chunks: reader.all("SELECT 1 FROM chunks"),
    }));
    expect(left).toEqual({ pairs: [], questions: [], chunks: [] });
    expect((await shop.store({ question, answer: "Vier Jahre." })).id).not.toBe(id);
  });

  test("counts only where the message itself is the question", async () => {
    const shop = await Shop.open(server, "Follow-ups");
    await shop.store({ question: "How much is it?", answer: "It is free." });
    await shop.store({ question: "Do you rent out boats?", answer: "Yes, by the hour." });
    const { conversationId } = await shop.ask("Do you rent out boats?");
    expect((await shop.ask("How much is it?", conversationId)).message.text).toBe("It is free.");
    expect((await shop.ask("And is it free for children?", conversationId)).message.model).not.toBe(
      "stored-answer",
    );
  });

  test("belongs to its tenant alone", async () => {
    const [shop, rival] = [await Shop.open(server, "Ours"), await Shop.open(server, "Theirs")];
    const { id } = await shop.store({ question: "What is the secret word?", answer: "Rumpelstiltskin" });
    expect((await rival.ask("What is the secret word?")).message.action).toBe("handed_over");
    expect(await shop.unanswered()).toEqual([]);
    const [group] = await rival.unanswered();
    for (const [method, path, body] of [
      ["PUT", `/api/v1/documents/${id}`, { question: "Mine?", answer: "Mine." }],
      ["GET", `/api/v1/documents/${id}`, undefined],
    ] as const)
      expect((await rival.send(method, path, body)).status).toBe(404);
    expect((await shop.send("GET", `/api/v1/unanswered/${group?.id}`)).status).toBe(404);
    const answer = { answer: "Taken over." };
    expect((await shop.send("POST", `/api/v1/unanswered/${group?.id}/answer`, answer)).status).toBe(404);
  });
});

describe("what an owner sends", () => {
  test("the same pair again is the document that is there; another answer is refused and says where the first is", async () => {
    const shop = await Shop.open(server, "Twice");
    const pair = { question: "Do you have parking?", answer: "Yes, behind the house." };
    const { id } = await shop.store({ ...pair, alternatives: ["parking?"] });
    for (const same of [pair, { ...pair, alternatives: ["parking?"] }]) {
      const response = await shop.send("POST", "/api/v1/documents", same);
      const { items } = (await response.json()) as { items: Document[] };
      expect([response.status, items[0]?.id]).toEqual([200, id]);
    }
    for (const other of [
      { ...pair, answer: "No." },
      { question: "PARKING", answer: "No." },
      { question: "Where can I park?", answer: "Here.", alternatives: ["do you have parking"] },
      { ...pair, alternatives: ["Is there a car park?"] },
    ]) {
      const response = await shop.send("POST", "/api/v1/documents", other);
      const { code, detail } = (await response.json()) as { code: string; detail: string };
      expect([response.status, code]).toEqual([409, "conflict"]);
      expect(detail).toContain(id);
      expect(detail).toContain("Change that one");
    }
    expect((await shop.ask("Parking?")).message.text).toBe(pair.answer);
  });

  test("many pairs come in together; what is wrong with one keeps no other out", async () => {
    const shop = await Shop.open(server, "Many");
    const pairs = Array.from({ length: 40 }, (_, index) => ({
      question: `What does article ${index} cost?`,
      answer: `Article ${index} costs ${index + 1} euros.`,
    }));
    const body = { pairs: [...pairs, { question: "what does article 7 cost", answer: "Nothing." }] };
    const response = await shop.send("POST", "/api/v1/documents", body);
    expect(response.status).toBe(201);
    const { items, refused } = (await response.json()) as {
      items: Document[];
      refused: { index: number; code: string }[];
    };
    expect(items).toHaveLength(40);
    expect(refused.map(({ index, code }) => [index, code])).toEqual([[40, "conflict"]]);
    expect((await shop.send("POST", "/api/v1/documents", { pairs })).status).toBe(200);
    for (const { id } of items) await shop.ready(id);
    expect((await shop.ask("How much does article 17 cost?")).message.text).toBe(
      "Article 17 costs 18 euros.",
    );
    expect((await shop.ask("How much does article 99 cost?")).message.model).toBe("extractive");
  });

  test("is refused with the reason when it is no pair", async () => {
    const shop = await Shop.open(server, "Hostile");
    const id = await addText(server, shop.tenant.apiKey, "Text", "Just a text about gardens.");
    const pair = { question: "Do you have gardens?", answer: "Yes." };
    const { id: known } = await shop.store(pair);
    for (const [body, path] of [
      [{ question: "a".repeat(100_000), answer: "b" }, "body.question"],
      [{ question: "", answer: "b" }, "body.question"],
      [{ question: "???", answer: "b" }, "body.question"],
      [{ question: "a\0b?", answer: "b" }, "body.question"],
      [{ question: "a?", answer: "" }, "body.answer"],
      [{ question: "a?", answer: "\ud800" }, "body.answer"],
      [{ question: "a?" }, "body.answer"],
      [{ question: ["a"], answer: "b" }, "body.question"],
      [
        { question: "a?", answer: "b", alternatives: Array.from({ length: 21 }, () => "c") },
        "body.alternatives",
      ],
      [{ pairs: [] }, "body.pairs"],
      [{ pairs: [{ ...pair, extra: 1 }] }, "body.pairs.0"],
    ] as const) {
      const response = await shop.send("POST", "/api/v1/documents", body);
      const { errors } = (await response.json()) as { errors: { path: string }[] };
      expect([response.status, errors[0]?.path]).toEqual([400, path]);
    }
    expect((await shop.send("PUT", `/api/v1/documents/${id}`, pair)).status).toBe(400);
    const text = { title: "Other", text: "Other" };
    expect((await shop.send("PUT", `/api/v1/documents/${known}`, text)).status).toBe(400);
    const group = Bun.randomUUIDv7();
    expect((await shop.send("POST", `/api/v1/unanswered/${group}/answer`, { answer: "a" })).status).toBe(404);
  });

  test("a visitor's long or strange question is noted as far as it is one, and can be answered in the owner's words", async () => {
    const shop = await Shop.open(server, "Strange visitors");
    await shop.ask(`Zzyzx ${"very ".repeat(3_000)}far?`);
    await shop.ask("Is\0there\0a ghost in the attic?");
    const groups = await shop.unanswered();
    expect(groups.map(({ question }) => question.length > 2_000 || question.includes("\0"))).toEqual([
      false,
      false,
    ]);
    const long = groups.find(({ question }) => question.startsWith("Zzyzx"));
    const path = `/api/v1/unanswered/${long?.id}/answer`;
    expect((await shop.send("POST", path, { answer: "Very." })).status).toBe(422);
    await shop.call("POST", path, { answer: "Very.", question: "How far is Zzyzx?" });
    expect((await shop.ask("how far is zzyzx")).message.text).toBe("Very.");
  });
});

describe("with a language model", () => {
  let fake: FakeOllama;
  let test_: TestApp;
  beforeAll(async () => {
    fake = startFakeOllama();
    test_ = await startTestApp({ env: { OLLAMA_HOST: fake.url } });
  });
  afterAll(async () => {
    await test_[Symbol.asyncDispose]();
    fake[Symbol.dispose]();
  });

  test("the stored answer is given without asking the model, streamed and whole", async () => {
    const shop = await Shop.open(test_, "Model shop");
    await shop.store({ question: "Do you sell gift vouchers?", answer: vouchers });
    const stream = await shop.send("POST", "/api/v1/chat", {
      message: "do you sell gift vouchers",
      stream: true,
    });
    const events = (await stream.text()).split("\n\n").map((event) => ({
      name: /^event: (.*)$/m.exec(event)?.[1],
      data: /^data: (.*)$/m.exec(event)?.[1] ?? "{}",
    }));
    const text = events
      .filter(({ name }) => name === "text-delta")
      .map(({ data }) => (JSON.parse(data) as { text: string }).text)
      .join("");
    expect(text).toBe(vouchers);
    const end = events.find(({ name }) => name === "message-end");
    expect((JSON.parse(end?.data ?? "{}") as Reply).message.text).toBe(vouchers);
    expect(fake.chats).toHaveLength(0);
    using visitor = new Visitor(test_.url, { channel: await publicKeyOf(test_, shop.tenant.apiKey) });
    await visitor.hello();
    await visitor.say("Do you sell gift vouchers?");
    const answer = await visitor.message((message) => message.author.kind === "assistant");
    expect(answer.text).toBe(vouchers);
    expect(fake.chats).toHaveLength(0);
  });

  test("a question that the model finds no answer to is on the list too", async () => {
    const shop = await Shop.open(test_, "Unsure model");
    await addText(test_, shop.tenant.apiKey, "Delivery", "Delivery of parcels takes three working days.");
    fake.options.answer = () => "NO_ANSWER";
    expect((await shop.ask("How long does delivery of parcels take?")).message.action).toBe("handed_over");
    expect((await shop.unanswered()).map(({ question }) => question)).toEqual([
      "How long does delivery of parcels take?",
    ]);
  });
});

if (existsSync(secondModelFolder)) {
  test("vectors of questions are made anew when the embedding model changes", async () => {
    await using app = await startTestApp();
    const shop = await Shop.open(app, "New model");
    await shop.store({ question: "Do you sell gift vouchers?", answer: vouchers });
    await shop.ask("Who painted the ceiling of the chapel?");
    await addSecondModel(app.dataDir);
    await shop.call("PATCH", "/api/v1/settings", { retrieval: { embeddingModel: secondModel } });
    await until(
      () =>
        app.app.store.read(shop.tenant.id, (reader) => {
          const rows = reader.all<{ model: string | null }>(
            "SELECT model FROM stored_questions UNION ALL SELECT model FROM unanswered_groups",
          );
          return rows.length === 2 && rows.every(({ model }) => model === secondModel);
        }),
      "vectors of the second model",
    );
    expect((await shop.ask("Do you sell a gift voucher?")).message.text).toBe(vouchers);
    await shop.ask("Who painted the ceiling of a chapel?");
    expect((await shop.unanswered()).map(({ count }) => count)).toEqual([2]);
  });
} else console.log("not run: 1 test of test/question-answers.test.ts needs ../shared");

if (existsSync(secondModelFolder)) {
  test("where its meaning cannot be learnt, a pair says so, answers its own words all the same, and can be tried again", async () => {
    await using app = await startTestApp();
    const shop = await Shop.open(app, "Broken model");
    await addSecondModel(app.dataDir);
    const path = join(app.dataDir, "models", secondModel, "model.onnx");
    const model = readFileSync(path);
    writeFileSync(path, "not a model");
    await shop.call("PATCH", "/api/v1/settings", { retrieval: { embeddingModel: secondModel } });
    const pair = { question: "Do you sell gift vouchers?", answer: vouchers };
    const { items } = await shop.call<{ items: Document[] }>("POST", "/api/v1/documents", pair);
    const id = items[0]?.id ?? "";
    // Its last try, so that it need not wait for all of them.
    await until(
      () =>
        app.app.store.transact(shop.tenant.id, (writer) => {
          const type = "type = 'index-questions' AND state = 'ready'";
          return (
            writer.run(`UPDATE jobs SET max_attempts = 1, run_at = 0 WHERE ${type} AND attempts > 0`)
              .changes > 0
          );
        }),
      "the first failure",
    );
    app.app.queue.wake(shop.tenant.id);
    const failed = await waitForDocument(app, shop.tenant.apiKey, id);
    expect([failed.status, failed.error?.code]).toEqual(["failed", "embedding_failed"]);
    expect((await shop.ask("do you sell gift vouchers")).message.text).toBe(vouchers);
    writeFileSync(path, model);
    await shop.call("POST", `/api/v1/documents/${id}/retry`);
    await shop.ready(id);
  });
} else console.log("not run: 1 test of test/question-answers.test.ts needs ../shared");
