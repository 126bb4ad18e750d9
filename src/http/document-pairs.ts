/** Questions with their answers, as bodies of `/api/v1/documents`. */
import type { App } from "../app.ts";
import type { Reader } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import { type DocumentSource, getDocument } from "../knowledge/documents.ts";
import { findPair } from "../knowledge/question-answer-table.ts";
import { learningFailure } from "../knowledge/remote-embedders.ts";
import { documentBody } from "./document-bodies.ts";
import { parseInput } from "./problem.ts";
import { json } from "./route.ts";
import * as schemas from "./schemas.ts";

/** Whether a body is meant as a question with its answer, or as several of them. */
export function isPair(body: unknown): body is object {
  return typeof body === "object" && body !== null && ("question" in body || "pairs" in body);
}

/** A document with what only a single one shows. @throws AppError not_found */
export function wholeBody(reader: Reader, id: string): schemas.DocumentBody {
  const document = documentBody(getDocument(reader, id), learningFailure(reader));
  const pair = findPair(reader, id);
  if (pair === undefined) return document;
  const { question, answer, alternatives } = pair;
  return { ...document, qa: { question, answer, alternatives: [...alternatives] } };
}

/** 201 when any was added, 200 when all were there. */
export async function addPairs(app: App, tenantId: string, body: object): Promise<Response> {
  if (!("pairs" in body)) {
    const pair = parseInput(schemas.questionAnswer, body, "body");
    const { document, created } = await app.questionAnswers.add(tenantId, pair);
    const item = await app.store.read(tenantId, (reader) => wholeBody(reader, document.id));
    return json(created ? 201 : 200, { items: [item] });
  }
  const { pairs } = parseInput(schemas.questionAnswers, body, "body");
  const { added, refused } = await app.questionAnswers.addAll(tenantId, pairs);
  return json(added.some(({ created }) => created) ? 201 : 200, {
    items: added.map(({ document }) => documentBody(document)),
    refused: refused.map(({ index, error }) => ({ index, code: error.code, detail: error.message })),
  });
}

export async function changePair(
  app: App,
  tenantId: string,
  id: string,
  source: DocumentSource,
  body: unknown,
): Promise<Response> {
  if (source !== "qa")
    throw new AppError(
      "invalid_request",
      "This document is not a question with its answer. Send a file or a text.",
    );
  if (!isPair(body))
    throw new AppError(
      "invalid_request",
      "This document is a question with its answer. Send {question, answer} as JSON.",
    );
  await app.questionAnswers.change(tenantId, id, parseInput(schemas.questionAnswer, body, "body"));
  return json(200, await app.store.read(tenantId, (reader) => wholeBody(reader, id)));
}
