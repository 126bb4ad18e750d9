import { expect, setDefaultTimeout, test } from "bun:test";
import type { Reader, Writer } from "../db/transaction.ts";
import { openTestStores } from "../testing/stores.ts";
import {
  getGroup,
  listGroups,
  noteUnanswered,
  setGroupStatus,
  type UnansweredGroup,
  wordingsIn,
} from "./unanswered-table.ts";

setDefaultTimeout(60_000);

/** A conversation in which each question is a message of its own. */
function startConversation(writer: Writer): string {
  const id = Bun.randomUUIDv7();
  writer.run("INSERT INTO channels (id, kind, name, created_at) VALUES (?, 'api', 'API', 1)", id);
  writer.run("INSERT INTO contacts (id, channel_id, created_at, updated_at) VALUES (?, ?, 1, 1)", id, id);
  writer.run(
    "INSERT INTO conversations (id, channel_id, contact_id, created_at, updated_at) VALUES (?, ?, ?, 1, 1)",
    id,
    id,
    id,
  );
  return id;
}

let seq = 0;
function ask(writer: Writer, conversationId: string, question: string, group: number | null = null) {
  const messageId = Bun.randomUUIDv7();
  seq += 1;
  writer.run(
    `INSERT INTO messages (id, conversation_id, seq, author_kind, text, status, channel_id, created_at)
     VALUES (?, ?, ?, 'contact', ?, 'sent', ?, 1)`,
    messageId,
    conversationId,
    seq,
    question,
    conversationId,
  );
  const place = { group, vector: null };
  const note = { question, conversationId, messageId, language: "en", confidence: 0.25, place };
  return { noted: noteUnanswered(writer, note), again: noteUnanswered(writer, note), messageId };
}

const all = (reader: Reader) => ({
  questions: reader.get<{ n: number }>("SELECT count(*) AS n FROM unanswered_questions")?.n,
  counted: reader.get<{ n: number }>("SELECT sum(count) AS n FROM unanswered_groups")?.n,
});

test("a message is noted once, however often that is tried", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const result = await stores.store.transact(tenant, (writer) =>
    ask(writer, startConversation(writer), "Why?"),
  );
  expect([result.noted?.opened, result.noted?.group.count, result.again]).toEqual([true, 1, null]);
});

test("the newest ten thousand are kept, and dismissed ones go first", async () => {
  await using stores = await openTestStores();
  const { store } = stores;
  const tenant = stores.newTenant();
  const conversation = await store.transact(tenant, startConversation);
  const dismissed = await store.transact(tenant, (writer) => {
    const first = ask(writer, conversation, "The oldest that is open").noted;
    const second = ask(writer, conversation, "A dismissed one").noted;
    if (first === null || second === null) throw new Error("they were not noted");
    ask(writer, conversation, "a dismissed one");
    setGroupStatus(writer, second.group, "dismissed");
    return second.group;
  });
  let busy: UnansweredGroup | undefined;
  for (let from = 0; from < 9_997; from += 1_000)
    await store.transact(tenant, (writer) => {
      for (let n = from; n < Math.min(9_997, from + 1_000); n += 1)
        busy = ask(writer, conversation, `Question ${n % 50}`, busy?.key ?? null).noted?.group ?? busy;
    });
  expect(await store.read(tenant, all)).toEqual({ questions: 10_000, counted: 10_000 });
  await store.transact(tenant, (writer) => void ask(writer, conversation, "One more"));
  expect(await store.read(tenant, (reader) => getGroup(reader, dismissed.id).count)).toBe(1);
  await store.transact(tenant, (writer) => {
    for (const text of ["Another", "And another"]) ask(writer, conversation, text);
  });
  expect(await store.read(tenant, all)).toEqual({ questions: 10_000, counted: 10_000 });
  const left = await store.read(tenant, (reader) => [
    ...listGroups(reader, { status: "open", sort: "count", limit: 50 }),
    ...listGroups(reader, { status: "dismissed", sort: "count", limit: 50 }),
  ]);
  expect(left.map(({ question, count }) => [question, count])).toEqual([
    ["Question 0", 9_997],
    ["And another", 1],
    ["Another", 1],
    ["One more", 1],
  ]);
  const wordings = await store.read(tenant, (reader) =>
    busy === undefined ? [] : wordingsIn(reader, busy, 20),
  );
  expect(wordings).toEqual(Array.from({ length: 20 }, (_, index) => `Question ${index}`));
});

test("where the question that stands for a group is erased, the next one stands for it, without the old one's vector", async () => {
  await using stores = await openTestStores();
  const { store } = stores;
  const tenant = stores.newTenant();
  const group = await store.transact(tenant, (writer) => {
    const conversation = startConversation(writer);
    const first = ask(writer, conversation, "Do you sell tea, says Ann from Vienna?");
    const key = first.noted?.group.key ?? 0;
    writer.run("UPDATE unanswered_groups SET model = 'm', vector = x'00000000' WHERE key = ?", key);
    ask(writer, conversation, "Do you sell tea?", key);
    writer.run("DELETE FROM messages WHERE id = ?", first.messageId);
    return writer.get("SELECT question, folded, count, model, vector FROM unanswered_groups");
  });
  expect(group).toEqual({
    question: "Do you sell tea?",
    folded: "do you sell tea",
    count: 1,
    model: null,
    vector: null,
  });
});
