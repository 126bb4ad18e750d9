import { expect, test } from "bun:test";
import { createLogger, redact } from "./log.ts";

test("a line is one JSON object with what the logger was made with", () => {
  const lines: string[] = [];
  createLogger({ level: "info", write: (line) => lines.push(line) })
    .with({ requestId: "r1" })
    .info("hello", { n: 1 });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "info",
    message: "hello",
    requestId: "r1",
    n: 1,
  });
});

test("lines below the level are not written", () => {
  const lines: string[] = [];
  createLogger({ level: "warn", write: (line) => lines.push(line) }).info("quiet");
  expect(lines).toEqual([]);
});

test("secrets are hidden by their name and by their form, however deep", () => {
  const key = `mc_key_${"a".repeat(43)}`;
  const text = JSON.stringify(
    redact({
      a: { password: "canary1", list: [`Bearer canary2`, `see /setup?token=canary3`] },
      error: new Error(`bad ${key}`),
      apiKey: "canary4",
    }),
  );
  for (const secret of ["canary1", "canary2", "canary3", "canary4", key]) expect(text).not.toContain(secret);
});

test("a value that contains itself ends", () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  expect(JSON.stringify(redact(value))).toContain("…");
});
