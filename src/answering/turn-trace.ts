/** What a turn did and how long each step took, for the person who wonders about an answer. */
import type { SearchResult } from "../knowledge/search.ts";

export type StepName = "guard" | "match" | "search" | "prompt" | "model" | "score" | "decide";

interface Step {
  readonly name: StepName;
  readonly startMs: number;
  readonly durationMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export class TurnTrace {
  readonly #started = performance.now();
  readonly #steps: Step[] = [];

  /** Runs a short step and notes it. */
  step<T>(name: StepName, run: () => T): T {
    const start = performance.now();
    const result = run();
    this.#add(name, start, { result: result === null ? "go on" : "answered at once" });
    return result;
  }

  /** Awaits a step and notes it with what `describe` says of its result. */
  async wait<T>(
    name: StepName,
    run: () => Promise<T>,
    describe: (result: T) => Readonly<Record<string, unknown>>,
  ): Promise<T> {
    const start = performance.now();
    const result = await run();
    this.#add(name, start, describe(result));
    return result;
  }

  note(name: StepName, data: Readonly<Record<string, unknown>>): void {
    this.#add(name, performance.now(), data);
  }

  prompt(messages: readonly { readonly role: string; readonly content: string }[]): void {
    if (messages.length > 0) this.note("prompt", { messages });
  }

  /** The whole trace as it is stored: the `trace` schema of the API. */
  body(messageId: string, provider: string, model: string): Readonly<Record<string, unknown>> {
    const answerer = provider === "builtin" ? model : provider;
    const steps = [...this.#steps].sort((a, b) => a.startMs - b.startMs);
    return { messageId, answerer, provider, model, totalMs: round(performance.now() - this.#started), steps };
  }

  #add(name: StepName, start: number, data: Readonly<Record<string, unknown>>): void {
    this.#steps.push({
      name,
      startMs: round(start - this.#started),
      durationMs: round(performance.now() - start),
      data,
    });
  }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** What the trace keeps of a search. */
export function describeSearch(found: SearchResult): Readonly<Record<string, unknown>> {
  const hits = found.passages.map((passage) => ({
    title: passage.title,
    text: passage.text.slice(0, 1000),
    score: passage.score,
    vectorScore: passage.cosine,
    keywordScore: passage.bm25,
    match: passage.match,
    page: passage.page,
    documentId: passage.documentId,
    chunkId: passage.chunkId,
  }));
  const words = found.words.searched.map((word) => word.surface);
  return {
    hits,
    words,
    ...(found.lacking === null || found.lacking.length === 0 ? {} : { lacking: found.lacking }),
    answerable: found.answerable,
    timings: found.timings,
    notes: found.notes,
    model: found.model.id,
  };
}
