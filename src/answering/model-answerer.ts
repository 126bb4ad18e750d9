/** Answers with a language model from numbered sources. */
import type { Citation } from "../conversations/messages.ts";
import type { Passage } from "../knowledge/search-protocol.ts";
import type { ChatProvider, ChatUsage } from "../llm/provider.ts";
import type { Answer, Answerer, AnswerRequest } from "./answerer.ts";
import { CitationStream } from "./citation-stream.ts";
import { buildPrompt, maxSources, stopTexts, unknownMark } from "./prompt.ts";
import { bestQuote, overlap, statementsWith, wordsOf } from "./quotes.ts";

const maxAnswerTokens = 800;
const maxAnswerCharacters = 20_000;
/** An answer that names no source uses one when it shares at least this part of its words. */
const usesFrom = 0.5;

export class ModelAnswerer implements Answerer {
  readonly name: "ollama" | "openai-compatible";
  readonly provider: string;
  readonly model: string;
  readonly #provider: ChatProvider;

  constructor(provider: ChatProvider) {
    this.#provider = provider;
    this.name = provider.id;
    this.provider = provider.id;
    this.model = provider.model;
  }

  async answer(request: AnswerRequest): Promise<Answer> {
    const passages = request.passages.slice(0, maxSources);
    const prompt = buildPrompt({ ...request, passages });
    const marks = new CitationStream(passages.length);
    const opening = new MarkHold(request.onText);
    let text = "";
    let usage: ChatUsage = { promptTokens: 0, completionTokens: 0 };
    let truncated = false;
    for await (const event of this.#provider.stream({
      messages: prompt,
      signal: request.signal,
      maxTokens: maxAnswerTokens,
      stop: stopTexts,
    })) {
      if (event.type === "end") {
        usage = event.usage;
        truncated = event.truncated;
        continue;
      }
      const shown = marks.push(event.text);
      text += shown;
      opening.push(shown);
      if (text.length > maxAnswerCharacters) {
        truncated = true;
        break;
      }
    }
    const rest = marks.end();
    text = (text + rest).trim();
    if (text === "" || text.includes(unknownMark))
      return { kind: "unknown", text: "", citations: [], usage, prompt, truncated };
    opening.push(rest);
    opening.release();
    const citations =
      marks.used.length > 0 ? citationsOf(text, marks.used, passages) : usedSources(text, passages);
    return { kind: "answered", text, citations, usage, prompt, truncated };
  }
}

/**
 * Keeps the mark for "unknown" from the reader: the end of the text is held back for as long as it may be the mark's
 * beginning, and once the mark is complete nothing more is shown.
 */
class MarkHold {
  #held = "";
  #marked = false;

  constructor(readonly show: (text: string) => void) {}

  push(text: string): void {
    if (this.#marked || text === "") return;
    this.#held += text;
    this.#marked = this.#held.includes(unknownMark);
    if (!this.#marked) this.#showUpTo(this.#held.length - possibleMark(this.#held));
  }

  /** The answer is complete and without the mark. */
  release(): void {
    if (!this.#marked) this.#showUpTo(this.#held.length);
  }

  #showUpTo(end: number): void {
    const shown = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    if (shown !== "") this.show(shown);
  }
}

/** Length of the longest end of `text` with which the mark begins. */
function possibleMark(text: string): number {
  for (let length = Math.min(text.length, unknownMark.length - 1); length > 0; length -= 1)
    if (text.endsWith(unknownMark.slice(0, length))) return length;
  return 0;
}

function citation(passage: Passage, n: number, statement: string): Citation {
  const { documentId, chunkId, title, page, url } = passage;
  return {
    n,
    documentId,
    chunkId,
    title,
    quote: bestQuote(passage, statement),
    ...(page === null ? {} : { page }),
    ...(url === null ? {} : { url }),
  };
}

function citationsOf(text: string, used: readonly number[], passages: readonly Passage[]): Citation[] {
  return used.flatMap((source, index) => {
    const passage = passages[source - 1];
    return passage === undefined ? [] : [citation(passage, index + 1, statementsWith(text, index + 1))];
  });
}

/** For models that name no sources: those whose words the answer uses. */
function usedSources(text: string, passages: readonly Passage[]): Citation[] {
  const words = wordsOf(text);
  return passages
    .map((passage) => ({ passage, share: overlap(words, wordsOf(passage.text)) }))
    .filter((item) => item.share >= usesFrom)
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map((item, index) => citation(item.passage, index + 1, text));
}
