/** One turn: guard, search, prompt, model, score, decide, and one transaction that makes it all so. */
import { confidenceOf, decide } from "../confidence/confidence.ts";
import { findConversation } from "../conversations/conversation-table.ts";
import type { Conversations } from "../conversations/conversations.ts";
import type { ConversationFeed } from "../conversations/feed.ts";
import { findMessage, findReply, insertTrace } from "../conversations/messages.ts";
import { phrase } from "../conversations/phrases.ts";
import { describeError } from "../errors.ts";
import type { JobContext, JobHandler } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { QuestionPlace, QuestionSearch, StoredAnswer } from "../knowledge/question-search.ts";
import type { KnowledgeSearch, SearchResult } from "../knowledge/search.ts";
import type { UnansweredQuestions } from "../knowledge/unanswered-questions.ts";
import { detectLanguage } from "../language.ts";
import type { ChatModels } from "../llm/chat-models.ts";
import type { Logger } from "../log.ts";
import { readSettings, type Settings } from "../tenants/settings.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Answer, Answerer } from "./answerer.ts";
import { ExtractiveAnswerer } from "./extractive.ts";
import { ModelAnswerer } from "./model-answerer.ts";
import { guard, type Outcome, unknown } from "./outcome.ts";
import {
  askedPart,
  languageOf,
  leansOnEarlier,
  ownWords,
  type Question,
  readSituation,
  type Situation,
} from "./situation.ts";
import { storedOutcome } from "./stored-answer.ts";
import { describeSearch, TurnTrace } from "./turn-trace.ts";

export interface AnsweringOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly feed: ConversationFeed;
  readonly conversations: Conversations;
  readonly search: KnowledgeSearch;
  readonly questions: QuestionSearch;
  readonly unanswered: UnansweredQuestions;
  readonly models: ChatModels;
  readonly log: Logger;
}

/** Tells whoever waits how far the answer is. */
interface Progress {
  state(state: "searching" | "writing"): void;
  text(text: string): void;
}

const searchLimit = 8;
/** Characters of a message that are searched for. */
const longestQuestion = 2000;
/** Passages up to which the vectors of sentences are always made. */
const smallKnowledge = 50;
/** A question with no more words of its own than this asks for what was told before it. */
const emptyQuestion = 1;
/** A refusal from here up to the threshold is looked at more closely. */
const narrowFrom = 0.35;

export class Answering {
  readonly #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    options.queue.register(this.#handler());
  }

  #handler(): JobHandler {
    return {
      type: "answer",
      concurrency: 64,
      perTenant: 32,
      maxAttempts: 4,
      timeoutMs: 300_000,
      run: (context) => this.#run(context),
      onDead: (writer, job) => {
        const { conversationId, messageId } = idsOf(job.payload);
        const conversation = findConversation(writer, conversationId);
        const message =
          conversation === undefined ? undefined : findMessage(writer, conversationId, messageId);
        if (conversation === undefined || message === undefined || findReply(writer, messageId) !== undefined)
          return;
        const language = languageOf(readSettings(writer).settings, message.text, []);
        const reason = "The assistant could not answer because of a fault on the server.";
        if (conversation.status === "ai")
          this.#options.conversations.markHandedOver(writer, job.tenantId, conversation, {
            by: "assistant",
            reason,
          });
        this.#options.conversations.send(writer, job.tenantId, conversation, {
          conversationId,
          channelId: conversation.channelId,
          authorKind: "assistant",
          text: phrase(language, "failed"),
          replyTo: messageId,
          action: "handed_over",
          confidence: { score: 0, level: "low", signals: {} },
        });
        this.#options.feed.setTurn(job.tenantId, conversationId, messageId, "failed");
      },
    };
  }

  /** Answers a question outside of any conversation; nothing is stored. */
  async ask(
    tenantId: string,
    text: string,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { settings } = await this.#options.store.read(tenantId, readSettings);
    const question = { text, history: [], settings, language: languageOf(settings, text, []) };
    return this.#answer(
      tenantId,
      question,
      { state: () => undefined, text: onText },
      new TurnTrace(),
      signal,
    );
  }

  async #run(context: JobContext): Promise<void> {
    const { tenantId, payload } = context.job;
    const { conversationId, messageId } = idsOf(payload);
    const { store, feed } = this.#options;
    const situation = await store.read(tenantId, (reader) =>
      readSituation(reader, conversationId, messageId),
    );
    // Owned by a person, or answered already: nothing to do.
    if (situation === null) return;
    const stopped = new AbortController();
    const signal = AbortSignal.any([context.signal, stopped.signal]);
    const unsubscribe = feed.subscribe(tenantId, conversationId, (event) => {
      if (event.type === "state") void this.#stopIfTaken(tenantId, conversationId, stopped);
    });
    feed.setTurn(tenantId, conversationId, messageId, "started");
    const trace = new TurnTrace();
    const progress: Progress = {
      state: (state) => feed.setTurn(tenantId, conversationId, messageId, state),
      text: (text) => feed.addText(tenantId, conversationId, messageId, text),
    };
    try {
      const outcome = await this.#answer(tenantId, situation, progress, trace, signal);
      await this.#store(context, situation, outcome, trace);
      feed.setTurn(tenantId, conversationId, messageId, "done");
    } catch (error) {
      // Taken over in the middle: the person answers, the job is done.
      if (stopped.signal.aborted && !context.signal.aborted) {
        feed.setTurn(tenantId, conversationId, messageId, "done");
        return;
      }
      feed.setTurn(tenantId, conversationId, messageId, "failed");
      throw error;
    } finally {
      unsubscribe();
    }
  }

  async #stopIfTaken(tenantId: string, conversationId: string, stopped: AbortController): Promise<void> {
    const taken = await this.#options.store.read(
      tenantId,
      (reader) => findConversation(reader, conversationId)?.status !== "ai",
    );
    if (taken) stopped.abort(new Error("a person took the conversation over"));
  }

  async #answer(
    tenantId: string,
    question: Question,
    progress: Progress,
    trace: TurnTrace,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { language } = question;
    const early = trace.step("guard", () => guard(question.text, language));
    if (early !== null) return early;
    progress.state("searching");
    const stored = await this.#storedAnswer(tenantId, question.text, trace);
    if (stored !== null) {
      progress.state("writing");
      const outcome = storedOutcome(stored, (text) => progress.text(text));
      trace.note("decide", { action: outcome.action });
      return outcome;
    }
    const provider = await this.#options.models.providerFor(tenantId, question.settings);
    const search = () => this.#search(tenantId, question, provider !== null);
    const found = await trace.wait("search", search, describeSearch);
    const figures = found.model.retrieval;
    const threshold = thresholdOf(found, question.settings);
    const support = confidenceOf({ retrieval: found.answerable, grounded: 1 }, threshold);
    if (found.passages.length === 0 || decide(support, threshold) === "handed_over") {
      trace.note("score", { ...support, threshold });
      trace.note("decide", { action: "handed_over" });
      return unknown(
        language,
        { ...support, signals: { retrieval: support.signals.retrieval ?? 0 } },
        "The documents do not say.",
        "builtin",
        "extractive",
      );
    }
    const extractive = new ExtractiveAnswerer(figures);
    const answerer: Answerer = provider === null ? extractive : new ModelAnswerer(provider);
    const { answer, by } = await this.#write(
      tenantId,
      question,
      found,
      { answerer, fallback: extractive, progress },
      trace,
      signal,
    );
    if (answer.kind === "unknown") {
      const confidence = confidenceOf(
        { retrieval: Math.min(found.answerable, threshold / 2), grounded: 0 },
        threshold,
      );
      trace.note("score", { ...confidence, threshold });
      trace.note("decide", { action: "handed_over" });
      return unknown(
        language,
        confidence,
        "The language model did not find the answer in the documents.",
        by.provider,
        by.model,
      );
    }
    const confidence = confidenceOf(
      { retrieval: found.answerable, grounded: answer.citations.length > 0 ? 1 : 0 },
      threshold,
    );
    const action = decide(confidence, threshold);
    trace.note("score", { ...confidence, threshold });
    trace.note("decide", { action });
    const { text, citations, usage } = answer;
    return {
      text,
      citations,
      confidence,
      action,
      reason: "",
      by: "assistant",
      known: action === "sent",
      provider: by.provider,
      model: by.model,
      usage,
    };
  }

  /** Only the message itself counts: what was said before makes a short question another one. */
  async #storedAnswer(tenantId: string, text: string, trace: TurnTrace): Promise<StoredAnswer | null> {
    const find = () => this.#options.questions.answerTo(tenantId, text.slice(0, longestQuestion));
    return trace.wait("match", find, (stored) =>
      stored === null
        ? { found: false }
        : { found: true, match: stored.match, cosine: stored.cosine, title: stored.title },
    );
  }

  /** Where a question without an answer belongs; found before the transaction that notes it. */
  async #placeOf(tenantId: string, outcome: Outcome, text: string): Promise<QuestionPlace | null> {
    if (outcome.known) return null;
    try {
      return await this.#options.questions.placeOf(tenantId, text.slice(0, longestQuestion));
    } catch (error) {
      // It is noted all the same, together with those that are equal word for word.
      this.#options.log.warn("an unanswered question was not compared with others", {
        tenantId,
        error: describeError(error),
      });
      return { group: null, vector: null };
    }
  }

  /** Searches for the message; a follow-up that finds nothing alone is searched together with the question before. */
  async #search(
    tenantId: string,
    { text, history, settings, language }: Question,
    hasModel: boolean,
  ): Promise<SearchResult> {
    const question = text.slice(0, longestQuestion);
    const first = await this.#lookForMessage(tenantId, question, { settings, language }, hasModel);
    const threshold = thresholdOf(first, settings);
    const before = history.findLast((message) => message.authorKind === "contact");
    if (first.answerable >= threshold || before === undefined || !leansOnEarlier(question)) return first;
    const both = `${before.text.slice(0, 500)}\n${question}`;
    const second = await this.#lookFor(tenantId, both, settings, hasModel);
    return second.answerable > first.answerable ? second : first;
  }

  /**
   * Where a message tells more than it asks, only what it asks is searched for: what is told beside it makes another
   * question of it, and finds what nobody asked for. Where that says next to nothing of its own ("What can I do?"), all
   * of it is tried too.
   */
  async #lookForMessage(
    tenantId: string,
    message: string,
    { settings, language }: Pick<Question, "settings" | "language">,
    hasModel: boolean,
  ): Promise<SearchResult> {
    const asked = askedPart(message, language);
    const found = await this.#lookFor(tenantId, asked ?? message, settings, hasModel);
    if (asked === null || ownWords(asked, language) > emptyQuestion) return found;
    const whole = await this.#lookFor(tenantId, message, settings, hasModel);
    return whole.answerable > found.answerable ? whole : found;
  }

  /**
   * Vectors of the best passages' sentences say more surely whether to answer, and which sentence is the answer. Where
   * they are not there yet, making them takes up to half a second: worth it for quotes, in small knowledge bases (where
   * they are soon all there), and where the answer would narrowly be refused.
   */
  async #lookFor(
    tenantId: string,
    question: string,
    settings: Settings,
    hasModel: boolean,
  ): Promise<SearchResult> {
    const makeSentences = (found: SearchResult) => {
      const narrowly = found.answerable >= narrowFrom && found.answerable < thresholdOf(found, settings);
      return !hasModel || narrowly || found.words.passages <= smallKnowledge;
    };
    return this.#options.search.search(tenantId, { question, limit: searchLimit, makeSentences });
  }

  async #write(
    tenantId: string,
    { text: question, history, settings, language }: Question,
    found: SearchResult,
    by: { answerer: Answerer; fallback: Answerer; progress: Progress },
    trace: TurnTrace,
    signal: AbortSignal,
  ): Promise<{ answer: Answer; by: Answerer }> {
    by.progress.state("writing");
    const onText = (text: string) => by.progress.text(text);
    const request = { question, language, history, passages: found.passages, settings, signal, onText };
    const describe = (name: string) => (answer: Answer) => ({
      answerer: name,
      ...answer.usage,
      truncated: answer.truncated,
      kind: answer.kind,
    });
    try {
      const answer = await trace.wait("model", () => by.answerer.answer(request), describe(by.answerer.name));
      trace.prompt(answer.prompt);
      return { answer, by: by.answerer };
    } catch (error) {
      if (signal.aborted || by.answerer === by.fallback) throw error;
      // The model's server failed: quotes from the documents are better than no answer.
      const reason = describeError(error);
      this.#options.log.warn("language model failed; quoting from the documents instead", {
        tenantId,
        provider: by.answerer.provider,
        error: reason,
      });
      trace.note("model", { answerer: by.answerer.name, failed: reason });
      const quiet = { ...request, onText: () => undefined };
      const answer = await trace.wait("model", () => by.fallback.answer(quiet), describe(by.fallback.name));
      return { answer, by: by.fallback };
    }
  }

  async #store(context: JobContext, situation: Situation, outcome: Outcome, trace: TurnTrace): Promise<void> {
    const { tenantId } = context.job;
    const { message } = situation;
    const place = await this.#placeOf(tenantId, outcome, message.text);
    await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      const conversation = findConversation(writer, situation.conversation.id);
      // A person took it over while the answer was written: the answer is not sent.
      if (
        conversation === undefined ||
        conversation.status !== "ai" ||
        findReply(writer, message.id) !== undefined
      )
        return;
      if (outcome.action === "handed_over")
        this.#options.conversations.markHandedOver(writer, tenantId, conversation, {
          by: outcome.by,
          reason: outcome.reason,
        });
      const answer = this.#options.conversations.send(writer, tenantId, conversation, {
        conversationId: conversation.id,
        channelId: conversation.channelId,
        authorKind: "assistant",
        authorName: situation.settings.assistant.name,
        text: outcome.text,
        replyTo: message.id,
        citations: outcome.citations,
        confidence: outcome.confidence,
        action: outcome.action,
        provider: outcome.provider,
        model: outcome.model,
        promptTokens: outcome.usage.promptTokens,
        completionTokens: outcome.usage.completionTokens,
      });
      insertTrace(writer, answer.id, trace.body(answer.id, outcome.provider, outcome.model));
      if (place !== null)
        this.#options.unanswered.note(writer, {
          question: message.text,
          conversationId: conversation.id,
          messageId: message.id,
          language: detectLanguage(message.text),
          confidence: outcome.confidence.score,
          place,
        });
    });
  }
}

function thresholdOf(found: SearchResult, settings: Settings): number {
  return settings.confidence.answerThreshold ?? found.model.retrieval.answerThreshold;
}

function idsOf(payload: Readonly<Record<string, unknown>>): { conversationId: string; messageId: string } {
  const { conversationId, messageId } = payload;
  if (typeof conversationId !== "string" || typeof messageId !== "string")
    throw new Error("an answer job names no message");
  return { conversationId, messageId };
}
