/** `/api/v1/unanswered`: what visitors asked and nothing was found for. */
import { z } from "zod";
import type { App } from "../app.ts";
import type { Reader } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import {
  getGroup,
  listGroups,
  listQuestions,
  type UnansweredGroup,
  type UnansweredQuestion,
} from "../knowledge/unanswered-table.ts";
import { decodeCursor, defineRoute, iso, json, pageOf, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const byId = z.object({ id: schemas.id });
const tag = "Unanswered questions";
const examples = 5;

function questionBody({ askedAt, ...question }: UnansweredQuestion): schemas.UnansweredQuestionBody {
  return { ...question, askedAt: iso(askedAt) };
}

function withoutExamples({ key: _key, firstAskedAt, lastAskedAt, ...group }: UnansweredGroup) {
  return { ...group, firstAskedAt: iso(firstAskedAt), lastAskedAt: iso(lastAskedAt) };
}

function groupBody(reader: Reader, group: UnansweredGroup): schemas.UnansweredGroupBody {
  const last = listQuestions(reader, group, { limit: examples });
  return { ...withoutExamples(group), examples: last.map(questionBody) };
}

/** A number and an id, by which both lists are ordered. @throws AppError invalid_request */
function parseCursor(cursor: string | undefined): { value: number; id: string } | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  const [, value, id] = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(text) ?? [];
  if (value === undefined || id === undefined)
    throw new AppError("invalid_request", "query.cursor: not a cursor of this list");
  return { value: Number(value), id };
}

export function unansweredRoutes(app: App): Route[] {
  const { store, unanswered } = app;
  const show = (tenantId: string, group: UnansweredGroup) =>
    store.read(tenantId, (reader) => groupBody(reader, group));
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/unanswered",
      access: "tenant",
      tag,
      summary: "List questions that nothing was found for, those that ask the same together",
      query: schemas.unansweredQuery,
      responses: { 200: schemas.unansweredList },
      handle: async ({ query, tenantId }) => {
        const { status, sort, limit } = query;
        const before = parseCursor(query.cursor);
        const page = await store.read(tenantId, (reader) =>
          pageOf(
            listGroups(reader, { status, sort, before, limit: limit + 1 }),
            limit,
            (group) => `${sort === "count" ? group.count : group.lastAskedAt} ${group.id}`,
            (group) => groupBody(reader, group),
          ),
        );
        return json(200, page);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/unanswered/{id}",
      access: "tenant",
      tag,
      summary: "Get one of them with all its questions, the last one first",
      params: byId,
      query: schemas.page,
      responses: { 200: schemas.unansweredDetail },
      handle: async ({ params, query, tenantId }) => {
        const cursor = parseCursor(query.cursor);
        const before = cursor === undefined ? undefined : { askedAt: cursor.value, id: cursor.id };
        const body = await store.read(tenantId, (reader) => {
          const group = getGroup(reader, params.id);
          const rows = listQuestions(reader, group, { before, limit: query.limit + 1 });
          const page = pageOf(rows, query.limit, ({ askedAt, id }) => `${askedAt} ${id}`, questionBody);
          return { ...withoutExamples(group), ...page };
        });
        return json(200, body);
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/unanswered/{id}/answer",
      access: "tenant",
      tag,
      summary: "Write the answer: it is a document, and given word for word from now on",
      params: byId,
      body: schemas.unansweredAnswer,
      responses: { 200: schemas.unansweredGroup },
      handle: async ({ params, body, tenantId }) =>
        json(200, await show(tenantId, await unanswered.answer(tenantId, params.id, body))),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/unanswered/{id}/dismissal",
      access: "tenant",
      tag,
      summary: "Take it off the list; asked again, it stays off",
      params: byId,
      responses: { 200: schemas.unansweredGroup },
      handle: async ({ params, tenantId }) =>
        json(200, await show(tenantId, await unanswered.dismiss(tenantId, params.id))),
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/unanswered/{id}/dismissal",
      access: "tenant",
      tag,
      summary: "Put it back on the list",
      params: byId,
      responses: { 200: schemas.unansweredGroup },
      handle: async ({ params, tenantId }) =>
        json(200, await show(tenantId, await unanswered.reopen(tenantId, params.id))),
    }),
  ];
}
