/** The conversation against a real WebSocket server in this process. */
import { afterEach, describe, expect, test } from "bun:test";
import type { ServerWebSocket } from "bun";
import type { ClientFrame, ServerFrame } from "../../src/live/frames.ts";
import { Chat } from "./chat.ts";
import { Keepsakes, type Store } from "./storage.ts";

type Socket = ServerWebSocket<undefined>;
type Script = (frame: ClientFrame, socket: Socket, connection: number) => void;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void (value === undefined ? values.delete(key) : values.set(key, value)),
  };
}

function say(socket: Socket, ...frames: ServerFrame[]): void {
  for (const frame of frames) socket.send(JSON.stringify(frame));
}

function welcome(token = "t1"): ServerFrame {
  const settings = { assistantName: "Mia", greeting: "", language: "auto" };
  return {
    type: "welcome",
    visitorToken: token,
    conversationId: "c1",
    settings,
    status: "ai",
    emailKnown: false,
  };
}

function answer(seq: number, text: string): ServerFrame {
  const author = { kind: "assistant" } as const;
  return {
    type: "message",
    message: { id: `m${seq}`, seq, author, text, createdAt: new Date().toISOString(), status: "sent" },
  };
}

/** A server that does what `script` says, and a chat that is connected to it. */
function setUp(script: Script, times: { silenceMs?: number } = {}) {
  const received: ClientFrame[] = [];
  let connections = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response("no", { status: 400 })),
    websocket: {
      open: () => void connections++,
      message(socket: Socket, data) {
        const frame: ClientFrame = JSON.parse(String(data));
        received.push(frame);
        script(frame, socket, connections);
      },
    },
  });
  const keepsakes = new Keepsakes("pk", memoryStore(), memoryStore());
  const chat = new Chat({
    url: `ws://127.0.0.1:${server.port}/`,
    keepsakes,
    onChange: () => {},
    times: { settleMs: 30, ...times },
  });
  closers.push(
    () => chat.stop(),
    () => server.stop(true),
  );
  chat.connect();
  return { chat, keepsakes, received, connections: () => connections };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 4000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`timed out waiting for ${condition}`);
    await Bun.sleep(5);
  }
}

describe("the conversation", () => {
  test("is greeted, keeps the token and says from where on it needs messages", async () => {
    const { chat, keepsakes, received } = setUp((frame, socket, connection) => {
      if (frame.type !== "hello") return;
      say(socket, welcome(), answer(4, "Hello"));
      if (connection === 1) setTimeout(() => socket.terminate(), 20);
    });
    await until(() => received.length === 2 && chat.connection.kind === "online");
    expect(keepsakes.token).toBe("t1");
    expect(received).toEqual([
      { type: "hello", after: 0 },
      { type: "hello", visitorToken: "t1", after: 4 },
    ]);
    expect(chat.state.messages).toHaveLength(1);
  });

  test("sends what was written while offline once the server is there, in order", async () => {
    const { chat, keepsakes, received } = setUp((frame, socket) => {
      if (frame.type === "hello") say(socket, welcome());
      if (frame.type === "send") say(socket, { type: "ack", clientId: frame.clientId, seq: received.length });
    });
    chat.send("one");
    chat.send("two");
    expect(keepsakes.unsent.map(({ text }) => text)).toEqual(["one", "two"]);
    await until(() => chat.state.outgoing.every((item) => item.state === "sent"));
    expect(received.flatMap((frame) => (frame.type === "send" ? [frame.text] : []))).toEqual(["one", "two"]);
    expect(keepsakes.unsent).toEqual([]);
  });

  test("repeats an unacknowledged message under the same id", async () => {
    const { chat, received } = setUp((frame, socket, connection) => {
      if (frame.type === "hello") say(socket, welcome());
      if (frame.type !== "send") return;
      if (connection === 1) socket.terminate();
      else say(socket, { type: "ack", clientId: frame.clientId, seq: 1 });
    });
    chat.send("Hello");
    await until(() => chat.state.outgoing[0]?.state === "sent");
    const ids = received.flatMap((frame) => (frame.type === "send" ? [frame.clientId] : []));
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  test("connects anew when a delta is missing, and gets all of the answer", async () => {
    const { chat, connections } = setUp((frame, socket, connection) => {
      if (frame.type !== "hello") return;
      const turnId = "t";
      say(socket, welcome());
      if (connection === 1) {
        say(
          socket,
          { type: "delta", turnId, index: 0, text: "a" },
          { type: "delta", turnId, index: 2, text: "c" },
        );
      } else say(socket, { type: "partial", turnId, text: "abc", index: 3 });
    });
    await until(() => chat.state.turns[0]?.text === "abc");
    expect(connections()).toBe(2);
  });

  test("takes silence in the middle of an answer for a dead connection", async () => {
    const script: Script = (frame, socket) => {
      if (frame.type === "hello") say(socket, welcome(), { type: "turn", turnId: "t", state: "started" });
    };
    const { connections } = setUp(script, { silenceMs: 50 });
    await until(() => connections() >= 2);
  });

  test("does not mind silence when nothing is due", async () => {
    const script: Script = (frame, socket) => {
      if (frame.type === "hello") say(socket, welcome());
    };
    const { chat, connections } = setUp(script, { silenceMs: 50 });
    await until(() => chat.connection.kind === "online");
    await Bun.sleep(200);
    expect(connections()).toBe(1);
  });

  test("starts anew when its visitor is unknown, and keeps what was not sent", async () => {
    const { chat, keepsakes, received } = setUp((frame, socket) => {
      if (frame.type === "hello" && frame.visitorToken !== undefined) socket.close(4401, "unknown");
      else if (frame.type === "hello") say(socket, welcome("t2"));
      else if (frame.type === "send") say(socket, { type: "ack", clientId: frame.clientId, seq: 1 });
    });
    keepsakes.token = "old";
    chat.send("Hello");
    await until(() => chat.state.outgoing[0]?.state === "sent");
    expect(keepsakes.token).toBe("t2");
    expect(received.filter((frame) => frame.type === "hello").length).toBeGreaterThan(1);
  });

  test("does not come back to a channel that refuses the page", async () => {
    const { chat, connections } = setUp((_, socket) => socket.close(4403, "origin"));
    await until(() => chat.connection.kind === "refused");
    chat.retryNow();
    await Bun.sleep(100);
    expect(connections()).toBe(1);
  });

  test("waits as long as it is told", async () => {
    const { chat } = setUp((_, socket) => socket.close(4429, "7000"));
    await until(() => chat.connection.kind === "offline");
    const { connection } = chat;
    if (connection.kind !== "offline") throw new Error("not offline");
    expect(connection.retryAt - Date.now()).toBeGreaterThan(6000);
  });

  test("asks for a person again after a drop", async () => {
    const { chat, received } = setUp((frame, socket, connection) => {
      if (frame.type === "hello") say(socket, welcome());
      if (frame.type === "handover" && connection === 1) socket.terminate();
      else if (frame.type === "handover") say(socket, { type: "state", status: "human", emailKnown: true });
    });
    chat.askForPerson("a@b.example");
    await until(() => chat.state.status === "human");
    expect(received.filter((frame) => frame.type === "handover")).toEqual([
      { type: "handover", email: "a@b.example" },
      { type: "handover", email: "a@b.example" },
    ]);
  });

  test("keeps feedback given while offline until it can be sent", async () => {
    const { chat, received } = setUp((frame, socket) => {
      if (frame.type === "hello") say(socket, welcome());
    });
    chat.rate("m1", "down", "wrong");
    await until(() => received.some((frame) => frame.type === "feedback"));
    expect(received.at(-1)).toEqual({ type: "feedback", messageId: "m1", value: "down", reason: "wrong" });
  });

  test("forgets everything when it is told to", async () => {
    const { chat, keepsakes } = setUp((frame, socket) => {
      if (frame.type === "hello") say(socket, welcome(), answer(1, "Hello"));
    });
    await until(() => chat.state.messages.length === 1);
    chat.reset();
    expect([keepsakes.token, chat.state.messages.length, chat.connection.kind]).toEqual([
      undefined,
      0,
      "idle",
    ]);
  });

  test("lets broken and unknown frames pass", async () => {
    const { chat } = setUp((frame, socket) => {
      if (frame.type !== "hello") return;
      for (const text of ["{", "null", "[]", '{"type":"later"}', '{"type":"__proto__"}']) socket.send(text);
      say(socket, welcome());
    });
    await until(() => chat.connection.kind === "online");
  });
});
