/** A tenant with a document and a language model whose answers a test can hold and release, for stories about chats. */
import type { MessageBody } from "../src/http/schemas.ts";
import { type FakeOllama, type FakeOllamaOptions, startFakeOllama } from "../src/testing/fake-ollama.ts";
import {
  addText,
  publicKeyOf,
  startTestApp,
  type TestApp,
  type TestTenant,
} from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { Visitor } from "../src/testing/visitor.ts";

export const question = "How long does delivery take?";
export const unknownQuestion = "Who won the football world cup of 1998?";
export const delivery =
  "We deliver parcels within three working days. Delivery to Austria costs 4 euros. Large furniture is brought by two drivers.";

/** A gate that a piece of an answer waits at. */
export class Gate {
  readonly #gate = Promise.withResolvers<void>();
  get passed(): Promise<void> {
    return this.#gate.promise;
  }
  open(): void {
    this.#gate.resolve();
  }
}

export class ChatScene implements AsyncDisposable {
  private constructor(
    readonly fake: FakeOllama,
    readonly test: TestApp,
    readonly tenant: TestTenant,
    readonly channel: string,
    readonly documentId: string,
  ) {}

  static async start(): Promise<ChatScene> {
    const fake = startFakeOllama();
    const test = await startTestApp({ env: { OLLAMA_HOST: fake.url } });
    const tenant = await test.createTenant("Shop");
    const documentId = await addText(test, tenant.apiKey, "Delivery", delivery);
    return new ChatScene(fake, test, tenant, await publicKeyOf(test, tenant.apiKey), documentId);
  }

  /** How the model answers from now on; what is not named is as usual. */
  model(options: FakeOllamaOptions): void {
    for (const name of ["answer", "pieces", "before", "delayMs", "failWith", "breakAfter"] as const)
      delete this.fake.options[name];
    Object.assign(this.fake.options, options);
  }

  /** The model stops before the piece of that index until the gate is opened. */
  holdBefore(index: number, pieces: readonly string[]): Gate {
    const gate = new Gate();
    this.model({ pieces: () => pieces, before: (at) => (at === index ? gate.passed : undefined) });
    return gate;
  }

  visitor(): Visitor {
    return new Visitor(this.test.url, { channel: this.channel });
  }

  api(method: string, path: string, body?: unknown): Promise<Response> {
    return this.test.api(this.tenant.apiKey, method, path, body);
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.api("GET", path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async messages(conversationId: string): Promise<MessageBody[]> {
    return (await this.get<{ items: MessageBody[] }>(`/api/v1/conversations/${conversationId}/messages`))
      .items;
  }

  /** The conversation that was changed last. */
  async latest(): Promise<string> {
    const { items } = await this.get<{ items: { id: string }[] }>("/api/v1/conversations?limit=1");
    return items[0]?.id ?? "";
  }

  /** Waits until nothing is being answered or delivered. */
  async quiet(): Promise<void> {
    await until(
      async () =>
        (await this.get<{ items: unknown[] }>("/api/v1/jobs?state=ready")).items.length === 0 &&
        (await this.get<{ items: unknown[] }>("/api/v1/jobs?state=running")).items.length === 0,
      "all jobs to be done",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.test[Symbol.asyncDispose]();
    this.fake[Symbol.dispose]();
  }
}

/** Answers of the assistant among messages. */
export function answersIn<T extends { readonly author: { readonly kind: string } }>(
  messages: readonly T[],
): T[] {
  return messages.filter(({ author }) => author.kind === "assistant");
}
