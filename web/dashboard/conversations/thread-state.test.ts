import { describe, expect, test } from "bun:test";
import type { ConversationBody, MessageBody } from "../api/types.ts";
import {
  applyDelta,
  applyTurn,
  changeOutgoing,
  mergeMessages,
  stillOutgoing,
  threadItems,
  type Writing,
} from "./thread-state.ts";

function message(
  seq: number,
  text = `message ${seq}`,
  kind: MessageBody["author"]["kind"] = "contact",
): MessageBody {
  const createdAt = `2026-03-12T12:00:${String(seq).padStart(2, "0")}Z`;
  return { id: `m${seq}`, seq, author: { kind }, text, createdAt, status: "sent" };
}

describe("messages", () => {
  test("that arrive twice or out of order are shown once and in order", () => {
    const merged = mergeMessages([message(1), message(2)], [message(4), message(2, "changed"), message(3)]);
    expect(merged.map((item) => item.seq)).toEqual([1, 2, 3, 4]);
    expect(merged[1]?.text).toBe("changed");
  });

  test("stay the same list when nothing arrived", () => {
    const have = [message(1)];
    expect(mergeMessages(have, [])).toBe(have);
  });
});

describe("an answer being written", () => {
  const deltas = (writing: Writing | undefined, ...indexes: readonly number[]) =>
    indexes.reduce<Writing | undefined>(
      (current, index) => applyDelta(current, { turnId: "t", index, text: `${index} ` }),
      writing,
    );

  test("grows delta by delta and ignores one that comes again", () => {
    expect(deltas(undefined, 0, 1, 1, 0, 2)?.text).toBe("0 1 2 ");
  });

  test("shows no text once a part is missing, whatever comes after", () => {
    expect(deltas(undefined, 0, 2, 3)?.text).toBeUndefined();
    expect(deltas(undefined, 5)?.text).toBeUndefined();
  });

  test("ends with its turn, not with another one", () => {
    const writing = applyTurn(undefined, { turnId: "t", state: "started" });
    expect(writing).toEqual({ turnId: "t", text: "", next: 0 });
    expect(applyTurn(writing, { turnId: "other", state: "done" })).toBe(writing);
    expect(applyTurn(writing, { turnId: "t", state: "done" })).toBeUndefined();
    expect(applyTurn(writing, { turnId: "t", state: "failed" })).toBeUndefined();
  });
});

describe("a reply on its way", () => {
  const sent = changeOutgoing([], { type: "send", key: "a", text: "Hello ", afterSeq: 1 });

  test("can fail, and be sent again without its old reason", () => {
    const failed = changeOutgoing(sent, { type: "fail", key: "a", error: new Error("offline") });
    expect(failed[0]).toMatchObject({ state: "failed", error: new Error("offline") });
    const again = changeOutgoing(failed, { type: "send", key: "a", text: "Hello ", afterSeq: 1 });
    expect(again).toEqual([{ key: "a", text: "Hello ", afterSeq: 1, state: "sending" }]);
    expect(changeOutgoing(again, { type: "remove", key: "a" })).toEqual([]);
  });

  test("is shown once when the live stream is faster than the answer", () => {
    expect(stillOutgoing(sent, [message(1, "Hello", "agent")])).toHaveLength(1);
    expect(stillOutgoing(sent, [message(2, "Hello", "contact")])).toHaveLength(1);
    expect(stillOutgoing(sent, [message(2, "Hello", "agent")])).toHaveLength(0);
  });
});

describe("the thread", () => {
  const handover = { reason: "", requestedBy: "visitor", at: "2026-03-12T12:00:02Z" } as const;

  const kinds = (messages: readonly MessageBody[], now?: ConversationBody["handover"]) =>
    threadItems(messages, now)
      .map((item) => item.kind)
      .filter((kind) => kind !== "day");

  test("has the hand-over line after the answer that called a person, with who asked", () => {
    const unsure: MessageBody = { ...message(2, "I don't know", "assistant"), action: "handed_over" };
    expect(kinds([message(1), unsure, message(3)], handover)).toEqual([
      "message",
      "message",
      "handover",
      "message",
    ]);
    expect(threadItems([unsure], handover).at(-1)).toMatchObject({ by: "visitor", at: unsure.createdAt });
    expect(threadItems([unsure], undefined).at(-1)).toMatchObject({ by: "assistant" });
  });

  test("keeps its lines after the conversation was given back", () => {
    const thread = [
      message(1),
      message(2, "A person will answer.", "system"),
      message(3, "Here I am.", "agent"),
      message(4, "I am back.", "system"),
      message(5),
      message(6, "We open at nine.", "assistant"),
    ];
    expect(kinds(thread)).toEqual([
      "message",
      "message",
      "handover",
      "message",
      "returned",
      "message",
      "message",
      "message",
    ]);
  });

  test("has the hand-over line before a person who answered without being asked", () => {
    expect(kinds([message(1), message(2, "Hello", "agent")])).toEqual(["message", "handover", "message"]);
  });

  test("has the hand-over line at its end when no message tells of it", () => {
    expect(threadItems([message(1)], handover).at(-1)?.kind).toBe("handover");
    expect(threadItems([], undefined)).toEqual([]);
  });

  test("has a line where a new day begins", () => {
    const later = { ...message(2), createdAt: "2026-03-14T12:00:00Z" };
    const days = threadItems([message(1), later], undefined).filter((item) => item.kind === "day");
    expect(days).toHaveLength(2);
  });
});
