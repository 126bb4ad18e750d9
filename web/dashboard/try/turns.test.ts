import { describe, expect, test } from "bun:test";
import { type Answer, changeTalk, NEW_TALK, type Talk, type TalkChange } from "./turns.ts";

const answer: Answer = {
  id: "m1",
  seq: 2,
  text: "We open at nine [1].",
  citations: [],
  confidence: { score: 0.8, level: "high", signals: {} },
  action: "sent",
  provider: "builtin",
  model: "quotes",
  usage: { promptTokens: 0, completionTokens: 0 },
};

function after(...changes: readonly TalkChange[]): Talk {
  return changes.reduce(changeTalk, NEW_TALK);
}

describe("a conversation on the try page", () => {
  test("grows with the text and ends with the whole answer", () => {
    const writing = after(
      { type: "ask", key: "a", question: "When do you open?" },
      { type: "start", key: "a", conversationId: "c1" },
      { type: "text", key: "a", text: "We open " },
      { type: "text", key: "a", text: "at" },
    );
    expect(writing).toMatchObject({
      conversationId: "c1",
      turns: [{ state: "writing", text: "We open at" }],
    });
    const done = changeTalk(writing, { type: "done", key: "a", conversationId: "c1", answer });
    expect(done.turns[0]).toMatchObject({ state: "done", text: answer.text, answer });
  });

  test("keeps what was written when it is stopped or fails", () => {
    const writing = [
      { type: "ask", key: "a", question: "?" },
      { type: "text", key: "a", text: "Half" },
    ] as const;
    expect(after(...writing, { type: "stop", key: "a" }).turns[0]).toMatchObject({
      state: "stopped",
      text: "Half",
    });
    const error = new Error("gone");
    expect(after(...writing, { type: "fail", key: "a", error }).turns[0]).toMatchObject({
      text: "Half",
      error,
    });
  });

  test("ignores what still arrives for a conversation that was put away", () => {
    const talk = after(
      { type: "ask", key: "a", question: "?" },
      { type: "new" },
      { type: "done", key: "a", conversationId: "c1", answer },
    );
    expect(talk).toEqual(NEW_TALK);
  });
});
