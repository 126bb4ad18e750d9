/** A thousand tenants that nobody writes to cost nothing: their databases are not even opened. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestApp, type TestTenant } from "../src/testing/test-app.ts";

setDefaultTimeout(300_000);

const count = 1_000;
const idleMs = 60_000;
const dataDir = mkdtempSync(join(tmpdir(), "metachat-idle-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function makeTenants(): Promise<TestTenant[]> {
  await using first = await startTestApp({ dataDir, idle: true, env: { METACHAT_DURABILITY: "normal" } });
  const made: TestTenant[] = [];
  for (let number = 1; number <= count; number += 1) made.push(await first.createTenant(`Shop ${number}`));
  return made;
}

test("after a restart and a minute of rest no tenant's database was opened; a message opens its tenant's only", async () => {
  const tenants = await makeTenants();
  await using test = await startTestApp({ dataDir });
  expect(test.app.tenants.list().length).toBe(count);
  const rested = Date.now() + idleMs;
  while (Date.now() < rested) {
    expect(test.app.store.opened).toBe(0);
    // What a monitor looks at meanwhile opens nothing either.
    expect((await fetch(`${test.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${test.url}/metrics`)).status).toBe(200);
    await Bun.sleep(2_000);
  }
  expect(test.app.store.opened).toBe(0);
  expect(test.app.queue.lastLookAt).toBeGreaterThan(rested - idleMs);

  const asked = tenants[count / 2];
  const response = await test.api(asked?.apiKey ?? "", "POST", "/api/v1/chat", { message: "Hello" });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ message: { action: "sent" } });
  expect(test.app.store.opened).toBe(1);
  expect(test.app.store.openHandles).toBe(1);
});
