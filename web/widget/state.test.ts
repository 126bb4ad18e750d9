import { describe, expect, test } from "bun:test";
import type { ServerFrame, VisitorMessage } from "../../src/live/frames.ts";
import { type Action, type ChatState, emptyChat, highestSeq, isExpecting, reduce } from "./state.ts";
import { isWaiting, timeline } from "./timeline.ts";

const NOW = Date.parse("2026-03-04T14:32:00Z");

function after(state: ChatState, ...frames: ServerFrame[]): ChatState {
  return frames.reduce((held, frame) => reduce(held, { type: "frame", frame, now: NOW }), state);
}

function act(state: ChatState, ...actions: Action[]): ChatState {
  return actions.reduce(reduce, state);
}

function message(
  seq: number,
  kind: VisitorMessage["author"]["kind"],
  more: Partial<VisitorMessage> = {},
): ServerFrame {
  const createdAt = new Date(NOW + seq * 1000).toISOString();
  const own: VisitorMessage = {
    id: `m${seq}`,
    seq,
    author: { kind },
    text: `text ${seq}`,
    createdAt,
    status: "sent",
  };
  return { type: "message", message: { ...own, ...more } };
}

function delta(index: number, text: string, turnId = "t1"): ServerFrame {
  return { type: "delta", turnId, index, text };
}

function turn(state: "started" | "searching" | "writing" | "done" | "failed", turnId = "t1"): ServerFrame {
  return { type: "turn", turnId, state };
}

function partial(text: string, index: number, turnId = "t1"): ServerFrame {
  return { type: "partial", turnId, text, index };
}

function status(
  value: ChatState["status"],
  more: { agent?: { name: string }; emailKnown?: boolean } = {},
): ServerFrame {
  return { type: "state", status: value, emailKnown: false, ...more };
}

const welcome: ServerFrame = {
  type: "welcome",
  visitorToken: "token",
  conversationId: "c1",
  settings: { assistantName: "Mia", greeting: "Hello", language: "auto" },
  status: "ai",
  emailKnown: false,
};

const sent = act(emptyChat, { type: "send", clientId: "a", text: "Hi", now: NOW });

function kinds(state: ChatState): string[] {
  return timeline(state).map((row) => row.kind);
}

describe("own messages", () => {
  test("go from pending to sent to the server's message, in one place", () => {
    expect(sent.outgoing[0]?.state).toBe("pending");
    const acked = after(sent, { type: "ack", clientId: "a", seq: 1 });
    expect(acked.outgoing[0]).toMatchObject({ state: "sent", seq: 1 });
    const echoed = after(acked, message(1, "contact", { clientId: "a", text: "Hi" }));
    expect(echoed.outgoing).toEqual([]);
    expect([sent, acked, echoed].map((state) => timeline(state).map((row) => row.key))).toEqual([
      ["a"],
      ["a"],
      ["a"],
    ]);
  });

  test("may come back before their acknowledgement", () => {
    const state = after(sent, message(1, "contact", { clientId: "a" }), {
      type: "ack",
      clientId: "a",
      seq: 1,
    });
    expect(kinds(state)).toEqual(["own"]);
  });

  test("written in another tab appear here, too", () => {
    expect(kinds(after(emptyChat, message(1, "contact", { clientId: "other" })))).toEqual(["own"]);
  });

  test("an acknowledged one stands before a later answer although it has not come back", () => {
    const state = after(sent, { type: "ack", clientId: "a", seq: 1 }, message(2, "assistant"));
    expect(kinds(state)).toEqual(["own", "answer"]);
  });

  test("a refusal stays at its message, with the time to wait, and a retry clears it", () => {
    const refused = after(sent, {
      type: "error",
      code: "rate_limited",
      message: "slow",
      clientId: "a",
      retryAfterMs: 5000,
    });
    expect(refused.outgoing[0]).toMatchObject({
      state: "failed",
      error: { code: "rate_limited", retryAt: NOW + 5000 },
    });
    const again = act(refused, { type: "retry", clientId: "a" });
    expect(again.outgoing[0]).toMatchObject({ state: "pending" });
    expect(again.outgoing[0]?.error).toBeUndefined();
  });

  test("a refusal of nothing in particular is a notice, until the next message", () => {
    const state = after(emptyChat, { type: "error", code: "bad", message: "No" });
    expect(state.notice).toEqual({ code: "bad", message: "No" });
    expect(act(state, { type: "send", clientId: "b", text: "x", now: NOW }).notice).toBeUndefined();
  });

  test("kept ones from before a reload come first and only once", () => {
    const kept = sent.outgoing;
    expect(act(sent, { type: "restore", outgoing: kept }).outgoing).toHaveLength(1);
    expect(act(emptyChat, { type: "restore", outgoing: kept }).outgoing).toHaveLength(1);
  });
});

describe("messages of the server", () => {
  test("the same one twice is one, and its status follows", () => {
    const state = after(emptyChat, message(1, "assistant"), message(1, "assistant", { status: "read" }));
    expect(state.messages).toHaveLength(1);
    expect(state.messages[0]?.status).toBe("read");
  });

  test("out of order they are put in order", () => {
    const state = after(emptyChat, message(5, "agent"), message(2, "contact"), message(3, "assistant"));
    expect(state.messages.map(({ seq }) => seq)).toEqual([2, 3, 5]);
  });

  test("gaps in seq are normal: notes of the team take numbers", () => {
    const state = after(emptyChat, message(1, "contact"), message(9, "assistant"));
    expect([state.gaps, highestSeq(state)]).toEqual([0, 9]);
  });

  test("an acknowledgement does not count as held", () => {
    expect(highestSeq(after(sent, { type: "ack", clientId: "a", seq: 7 }))).toBe(0);
  });
});

describe("an answer on its way", () => {
  test("shows at once, grows by deltas and is replaced by its message under the same key", () => {
    const started = after(emptyChat, turn("started"));
    expect(timeline(started)).toMatchObject([{ kind: "answer", key: "t1" }]);
    const writing = after(started, turn("writing"), delta(0, "We "), delta(1, "open"));
    expect(writing.turns[0]).toMatchObject({ text: "We open", next: 2 });
    const done = after(writing, message(2, "assistant"), turn("done"));
    expect(done.turns).toEqual([]);
    expect(timeline(done)).toMatchObject([{ kind: "answer", key: "t1", message: { seq: 2 } }]);
  });

  test("doubled and older deltas change nothing", () => {
    const state = after(emptyChat, delta(0, "a"), delta(0, "a"), delta(1, "b"), delta(0, "x"), delta(1, "y"));
    expect(state.turns[0]?.text).toBe("ab");
  });

  test("a gap asks for a new connection and keeps what is there", () => {
    const state = after(emptyChat, delta(0, "a"), delta(2, "c"));
    expect([state.gaps, state.turns[0]?.text]).toEqual([1, "a"]);
  });

  test("a turn that begins in the middle is a gap, too", () => {
    const state = after(emptyChat, delta(3, "d"));
    expect([state.gaps, state.turns.length]).toEqual([1, 0]);
  });

  test("a partial replaces the text and says which delta comes next", () => {
    const state = after(emptyChat, delta(0, "a"), partial("abcd", 4), delta(3, "x"), delta(4, "e"));
    expect([state.turns[0]?.text, state.gaps]).toEqual(["abcde", 0]);
  });

  test("deltas and states that come after the message open no new bubble", () => {
    const state = after(emptyChat, turn("started"), delta(0, "a"), message(2, "assistant"));
    expect(after(state, delta(1, "b"), partial("ab", 2), turn("writing"), turn("done")).turns).toEqual([]);
  });

  test("done before the message keeps the text until the message is there", () => {
    const state = after(emptyChat, delta(0, "a"), turn("done"));
    expect(kinds(state)).toEqual(["answer"]);
    expect(isExpecting(state)).toBe(false);
    expect(kinds(after(state, message(2, "assistant")))).toEqual(["answer"]);
  });

  test("done without any text leaves nothing behind", () => {
    expect(kinds(after(emptyChat, turn("started"), turn("done")))).toEqual([]);
  });

  test("a failed turn says so until the next one", () => {
    const failed = after(emptyChat, turn("started"), delta(0, "a"), turn("failed"));
    expect(kinds(failed)).toEqual(["turnFailed"]);
    expect(kinds(after(failed, turn("started", "t2")))).toEqual(["answer"]);
    expect(kinds(after(failed, message(2, "assistant")))).toEqual(["answer"]);
  });
});

describe("after a new connection", () => {
  const cut = after(emptyChat, welcome, turn("started"), delta(0, "We "), delta(1, "are"));

  test("the answer goes on where the server is", () => {
    const state = act(after(cut, welcome, partial("We are open", 5), delta(5, " daily")), { type: "settle" });
    expect(state.turns[0]).toMatchObject({ text: "We are open daily", stale: false });
  });

  test("an answer that was finished meanwhile takes the place of the half one", () => {
    const state = act(after(cut, welcome, message(2, "assistant")), { type: "settle" });
    expect(timeline(state)).toMatchObject([{ key: "t1", message: { seq: 2 } }]);
  });

  test("one that the server does not mention any more goes away", () => {
    expect(act(after(cut, welcome), { type: "settle" }).turns).toEqual([]);
  });

  test("an answer that begins only now is not taken for an old one", () => {
    expect(act(after(emptyChat, welcome, turn("started")), { type: "settle" }).turns).toHaveLength(1);
  });

  test("another conversation replaces what is held, but not what is unsent", () => {
    const state = act(after(cut, message(2, "assistant")), {
      type: "send",
      clientId: "b",
      text: "x",
      now: NOW,
    });
    const other = after(state, { ...welcome, conversationId: "c2" });
    expect([other.messages.length, other.turns.length, other.outgoing.length]).toEqual([0, 0, 1]);
  });

  test("a first conversation id keeps what is held", () => {
    const { conversationId: _, ...first } = welcome;
    expect(after(emptyChat, first, message(1, "contact"), welcome).messages).toHaveLength(1);
  });
});

describe("a person takes over", () => {
  const asked = after(emptyChat, welcome, message(1, "contact"), message(2, "assistant"));

  test("the line stands where it happened, with its time", () => {
    const state = after(
      asked,
      status("human"),
      message(5, "agent", { author: { kind: "agent", name: "Anna" } }),
    );
    expect(timeline(state)).toMatchObject([
      { kind: "own" },
      { kind: "answer" },
      { kind: "human", at: new Date(NOW).toISOString() },
      { kind: "agent", named: true },
    ]);
  });

  test("from history the line stands before the first message of the person", () => {
    const state = after(asked, { ...welcome, status: "human" }, message(5, "agent"), message(6, "agent"));
    expect(kinds(state)).toEqual(["own", "answer", "human", "agent", "agent"]);
  });

  test("an answer that handed over is followed by the line, once", () => {
    const state = after(
      emptyChat,
      welcome,
      message(2, "assistant", { action: "handed_over" }),
      status("human"),
    );
    expect(kinds(state)).toEqual(["answer", "human"]);
  });

  test("without a known moment the line has no time", () => {
    expect(timeline(after(asked, { ...welcome, status: "human" })).at(-1)).toEqual({
      kind: "human",
      key: "human-now",
    });
  });

  test("going on with the assistant draws a line, and a later person another", () => {
    const state = after(asked, status("human"), status("ai"), message(7, "assistant"), status("human"));
    expect(kinds(state)).toEqual(["own", "answer", "human", "assistant", "answer", "human"]);
  });

  test("what the product says when a person was called and when the assistant is back stands on its side of the line", () => {
    const frames = [message(3, "system"), message(4, "agent"), message(5, "system"), message(6, "contact")];
    const lines = ["own", "answer", "system", "human", "agent", "assistant", "system", "own"];
    expect(kinds(after(asked, ...frames))).toEqual(lines);
    const [called, person, back, own] = frames as [ServerFrame, ServerFrame, ServerFrame, ServerFrame];
    const live = after(asked, called, status("human"), person, back, status("ai"), own);
    expect(kinds(live)).toEqual(lines);
  });

  test("waiting ends when a person is there or has answered", () => {
    const waiting = after(asked, status("human"));
    expect(isWaiting(waiting)).toBe(true);
    expect(isWaiting(after(waiting, status("human", { agent: { name: "Anna" } })))).toBe(false);
    expect(isWaiting(after(waiting, message(5, "agent")))).toBe(false);
    expect(isWaiting(after(waiting, status("ai")))).toBe(false);
  });

  test("the request is remembered until the server answers it, across connections", () => {
    const wanted = act(asked, { type: "ask", who: "human" });
    expect(wanted.asked).toBe("human");
    expect(after(wanted, welcome).asked).toBe("human");
    expect(after(wanted, { ...welcome, status: "human" }).asked).toBeUndefined();
    expect(after(wanted, status("human")).asked).toBeUndefined();
  });

  test("typing of a person ends with its message", () => {
    const typing = after(asked, status("human"), { type: "typing", who: "agent" });
    expect(typing.agentTyping).toBe(true);
    expect(after(typing, message(5, "agent")).agentTyping).toBe(false);
  });
});

describe("closing", () => {
  test("a closed conversation says so at its end, until one writes", () => {
    const closed = after(emptyChat, message(1, "contact"), status("resolved"));
    expect(kinds(closed)).toEqual(["own", "closed"]);
    expect(kinds(act(closed, { type: "send", clientId: "b", text: "x", now: NOW }))).toEqual(["own", "own"]);
  });

  test("messages of different days have the day between them", () => {
    const later = new Date(NOW + 3 * 86_400_000).toISOString();
    expect(
      kinds(after(emptyChat, message(1, "contact"), message(2, "assistant", { createdAt: later }))),
    ).toEqual(["own", "day", "answer"]);
  });
});
