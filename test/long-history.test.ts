/** A conversation longer than a page: whoever comes back gets every message, in order, and then the live ones. */
import { expect, test } from "bun:test";
import { insertMessage } from "../src/conversations/messages.ts";
import { EventReader } from "../src/testing/event-stream.ts";
import { publicKeyOf, startTestApp } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { Visitor } from "../src/testing/visitor.ts";

const many = 1_250;

test("a visitor and an API client who missed more than a thousand messages miss none", async () => {
  await using app = await startTestApp();
  const { id: tenant, apiKey } = await app.createTenant("Shop");
  const channel = await publicKeyOf(app, apiKey);
  let visitorToken: string;
  {
    using visitor = new Visitor(app.url, { channel });
    ({ visitorToken } = await visitor.hello());
    await visitor.say("I want to speak to a person.");
    await visitor.message((message) => message.author.kind === "assistant");
  }
  const list = (await (await app.api(apiKey, "GET", "/api/v1/conversations")).json()) as {
    items: { id: string }[];
  };
  const conversationId = list.items[0]?.id ?? "";
  await app.app.store.transact(tenant, (writer) => {
    const row = writer.get<{ channelId: string }>(
      "SELECT channel_id AS channelId FROM conversations WHERE id = ?",
      conversationId,
    );
    for (let n = 0; n < many; n += 1)
      insertMessage(writer, {
        conversationId,
        channelId: row?.channelId ?? "",
        authorKind: "agent",
        text: `line ${n}`,
      });
  });
  using back = new Visitor(app.url, { channel });
  await back.hello({ visitorToken });
  const reply = app.api(apiKey, "POST", `/api/v1/conversations/${conversationId}/messages`, {
    text: "the last",
  });
  await back.message((message) => message.text === "the last");
  await reply;
  const seqs = () => [...new Set(back.all("message").map((frame) => frame.message.seq))];
  const last = Math.max(...seqs());
  await until(() => seqs().length === last, "all messages");
  expect(seqs()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(last).toBeGreaterThan(many);

  const response = await app.api(apiKey, "GET", `/api/v1/conversations/${conversationId}/stream`);
  await using stream = new EventReader(response);
  const streamed = () => stream.of("message").map((event) => Number(event.data.seq));
  await until(() => streamed().length >= last, "all messages in the stream");
  expect(streamed()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
});
