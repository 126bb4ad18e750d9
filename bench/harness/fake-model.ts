/** The fake Ollama in a process of its own, so that it does not compete for the caller's event loop. */

import { startFakeOllama } from "../../src/testing/fake-ollama.ts";
import { endWithUs } from "./children.ts";

if (import.meta.main) {
  const fake = startFakeOllama();
  // What it was asked is kept for tests; here it would only grow.
  setInterval(() => fake.chats.splice(0), 1_000);
  console.log(fake.url);
}

export interface FakeModel extends AsyncDisposable {
  readonly url: string;
}

/** Starts it and waits for its address. */
export async function startFakeModel(): Promise<FakeModel> {
  const child = Bun.spawn([process.execPath, import.meta.path], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  endWithUs(child);
  const reader = child.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("the fake model server ended");
    text += new TextDecoder().decode(value);
  }
  return {
    url: text.trim(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}
