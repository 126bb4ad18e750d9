/** Questions that nothing was found for: noted with the turn, answered or dismissed by the owner. */
import type { Reader, Writer } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import { appendEvent } from "../events/event-log.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import { checkRoom, findWording, getPair } from "./question-answer-table.ts";
import type { QuestionAnswers } from "./question-answers.ts";
import { questionKey } from "./question-text.ts";
import {
  getGroup,
  lendVector,
  type NewUnanswered,
  noteUnanswered,
  setGroupStatus,
  type UnansweredGroup,
  wordingsIn,
} from "./unanswered-table.ts";

export interface WrittenAnswer {
  readonly answer: string;
  /** Left out: the group's own question. */
  readonly question?: string | undefined;
  /** Left out: the group's other wordings. */
  readonly alternatives?: readonly string[] | undefined;
}

export interface UnansweredOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly answers: QuestionAnswers;
}

export const mostAlternatives = 20;
export const longestQuestion = 500;

export class UnansweredQuestions {
  readonly #options: UnansweredOptions;

  constructor(options: UnansweredOptions) {
    this.#options = options;
  }

  /** In the transaction that stores the turn: once a message, however often that is tried. */
  note(writer: Writer, input: NewUnanswered): void {
    const noted = noteUnanswered(writer, input);
    if (noted?.opened !== true) return;
    const { conversationId, messageId } = input;
    appendEvent(writer, "question.unanswered", { questionId: noted.group.id, conversationId, messageId });
  }

  /**
   * Makes the answer one that is given from now on, to all wordings of the group. One that was
   * opened again gets the new one in the old one's place.
   * @throws AppError not_found; conflict when it was answered already, or the question has its answer in another document; unprocessable
   */
  async answer(tenantId: string, id: string, input: WrittenAnswer): Promise<UnansweredGroup> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const group = getGroup(writer, id);
      const known = group.documentId === null ? null : getPair(writer, group.documentId);
      // Somebody else may have answered it in this moment: his answer is not put aside unseen.
      if (group.status === "answered" && known !== null && known.answer !== input.answer)
        throw new AppError(
          "conflict",
          `This question has an answer already, in the document "${known.question}". Change the answer there.`,
        );
      const question = input.question ?? known?.question ?? ownQuestion(group);
      const alternatives = input.alternatives ?? [
        ...(known?.alternatives ?? []),
        ...newWordings(writer, group, question),
      ];
      const pair = { question, answer: input.answer, alternatives: alternatives.slice(0, mostAlternatives) };
      let documentId = known?.documentId;
      if (documentId === undefined) {
        checkRoom(writer);
        documentId = this.#options.answers.insert(writer, pair).document.id;
        lendVector(writer, group, documentId);
      } else this.#options.answers.update(writer, documentId, pair);
      setGroupStatus(writer, group, "answered", documentId);
      appendEvent(writer, "question.answered", { questionId: id, documentId });
      return getGroup(writer, id);
    });
  }

  /** Takes a group off the list; asked again, it stays off. @throws AppError not_found */
  async dismiss(tenantId: string, id: string): Promise<UnansweredGroup> {
    return this.#setStatus(tenantId, id, "dismissed");
  }

  /** Puts a dismissed group back. @throws AppError not_found */
  async reopen(tenantId: string, id: string): Promise<UnansweredGroup> {
    return this.#setStatus(tenantId, id, "open");
  }

  async #setStatus(tenantId: string, id: string, status: "dismissed" | "open"): Promise<UnansweredGroup> {
    return this.#options.store.transact(tenantId, (writer) => {
      const group = getGroup(writer, id);
      if (group.status === status) return group;
      if (status === "open" && group.status !== "dismissed")
        throw new AppError(
          "conflict",
          "This question was not dismissed: it is answered. Change its answer instead.",
        );
      setGroupStatus(writer, group, status);
      if (status === "dismissed") appendEvent(writer, "question.dismissed", { questionId: id });
      return getGroup(writer, id);
    });
  }
}

/** @throws AppError unprocessable when it cannot be a pair's question as it is */
function ownQuestion({ question }: UnansweredGroup): string {
  const own = question.replace(/\s+/g, " ").trim();
  if (own.length <= longestQuestion && questionKey(own) !== "") return own;
  throw new AppError(
    "unprocessable",
    `What the visitor wrote is too long for a question, or has no words. Send a question of up to ${longestQuestion} characters with the answer.`,
  );
}

/** What else visitors wrote, as far as it has no answer of its own yet. */
function newWordings(reader: Reader, group: UnansweredGroup, question: string): string[] {
  const own = questionKey(question);
  return wordingsIn(reader, group, mostAlternatives * 2)
    .map((wording) => wording.replace(/\s+/g, " ").trim())
    .filter((wording) => wording.length <= longestQuestion && questionKey(wording) !== own)
    .filter((wording) => findWording(reader, wording) === undefined);
}
