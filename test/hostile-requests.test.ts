/** Requests that no honest client sends are answered, counted and forgotten. */
import { expect, test } from "bun:test";
import { connect } from "node:net";
import { startTestApp, type TestApp } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

/** Sends the text as it is over a plain connection. @returns what came back before `waitMs` or the end */
function raw(app: TestApp, text: string, waitMs = 1_000): Promise<{ answer: string; open: boolean }> {
  return new Promise((resolve) => {
    const socket = connect(app.server.port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    let open = true;
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    socket.on("close", () => {
      open = false;
      resolve({ answer, open });
    });
    socket.on("error", () => undefined);
    setTimeout(() => {
      resolve({ answer, open });
      socket.destroy();
    }, waitMs);
  });
}

test("a Host header that is no host is a 400 in the one shape of errors", async () => {
  await using app = await startTestApp();
  for (const head of ["Host: [", "Host: a b", "Host: a:99999", "Host: "]) {
    const { answer } = await raw(app, `GET /health/live HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`);
    expect([head, answer.split("\r\n")[0]]).toEqual([head, "HTTP/1.1 400 Bad Request"]);
    if (!answer.includes("\r\n\r\n{")) continue;
    expect(answer).toContain("application/problem+json");
    expect(answer).toContain("nosniff");
  }
  expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test("a socket whose address cannot be read is closed, not kept uncounted", async () => {
  await using app = await startTestApp();
  const upgrade = [
    "GET /widget/v1/live?channel=x HTTP/1.1",
    "Host: a b",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "",
    "",
  ].join("\r\n");
  const ended = await Promise.all(Array.from({ length: 10 }, () => raw(app, upgrade, 2_000)));
  for (const { answer, open } of ended) {
    // Refused, or taken and closed at once (a close frame, 0x88).
    const refused = answer.startsWith("HTTP/1.1 400");
    expect(refused || !open || answer.includes("\x88")).toBe(true);
  }
  expect(app.app.hub.sockets).toBe(0);
  expect(app.logged.filter((line) => line.includes("rejection"))).toEqual([]);
});

test("passwords cannot be guessed faster by guessing at the same time", async () => {
  await using app = await startTestApp();
  const tries = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      fetch(`${app.url}/api/v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "owner@shop.example", password: `wrong-password-${index}` }),
      }),
    ),
  );
  const statuses = tries.map((response) => response.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(8);
  expect(statuses.filter((status) => status === 429)).toHaveLength(32);
  await until(async () => (await fetch(`${app.url}/health/live`)).status === 200, "the server to be well");
});
