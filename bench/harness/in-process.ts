/** The product's own parts in this process: for measuring what search finds, where the way over HTTP is not the point. */

import { withoutCompanionVectors } from "../../src/knowledge/companion-vectors.ts";
import { activeIndex } from "../../src/knowledge/embedding-index.ts";
import { withoutSentenceVectors } from "../../src/knowledge/sentence-vectors.ts";
import { startTestApp, type TestApp, type TestAppOptions } from "../../src/testing/test-app.ts";
import { until } from "./load.ts";

export type { TestApp } from "../../src/testing/test-app.ts";

export function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  return startTestApp(options);
}

export interface Text {
  readonly title: string;
  readonly text: string;
}

/** Adds the texts as the API would and waits until all are ready. @returns their document ids, in order */
export async function addTexts(app: TestApp, tenantId: string, texts: readonly Text[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { title, text } of texts) {
    const { document } = await app.app.knowledge.add(tenantId, {
      source: "text",
      title,
      fileName: `${title}.md`,
      mediaType: "text/markdown",
      content: new Blob([text]),
    });
    ids.push(document.id);
  }
  await until(() => allReady(app, tenantId), "all documents to be ready", {
    everyMs: 100,
    withinMs: 600_000,
  });
  return ids;
}

/** Waits until the product has made the vectors of all passages' sentences, as it does when nothing is taken in. */
export async function sentencesMade(app: TestApp, tenantId: string): Promise<void> {
  const { companion } = (await app.app.search.modelOf(tenantId)).retrieval;
  const allMade = () =>
    app.app.store.read(tenantId, (reader) => {
      const index = activeIndex(reader);
      if (index === null || withoutSentenceVectors(reader, index, 0, 1).length > 0) return false;
      return (
        companion === undefined || withoutCompanionVectors(reader, { ...companion, from: 0 }, 1).length === 0
      );
    });
  await until(allMade, "the vectors of all sentences", { everyMs: 200, withinMs: 1_200_000 });
}

/** One cheap statement: the looking must not slow down what is looked at. */
function allReady(app: TestApp, tenantId: string): Promise<boolean> {
  return app.app.store.read(tenantId, (reader) => {
    const failed = reader.get<{ title: string; error: string }>(
      "SELECT title, error_message AS error FROM documents WHERE status = 'failed' LIMIT 1",
    );
    if (failed !== undefined) throw new Error(`"${failed.title}" failed: ${failed.error}`);
    return reader.get("SELECT 1 FROM documents WHERE status <> 'ready' LIMIT 1") === undefined;
  });
}
