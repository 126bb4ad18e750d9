/** A source's pages as its owner sees them. */
import { and, asc, eq, gt } from "drizzle-orm";
import { documents, webPages } from "../../db/tenant-schema.ts";
import type { Reader } from "../../db/transaction.ts";
import { liveDocument, type PageOutcome } from "./page-table.ts";
import type { StoredSource } from "./source-table.ts";

export type PageStatus = "waiting" | "indexed" | "skipped" | "gone" | "failed";

export interface ListedPage {
  readonly id: string;
  readonly url: string;
  readonly status: PageStatus;
  readonly documentId: string | null;
  readonly reason: string | null;
  readonly checkedAt: number | null;
}

/** Pages of a source in the order in which they were found first, after the id `after`. */
export function listPages(
  reader: Reader,
  source: Pick<StoredSource, "id" | "run" | "status">,
  options: { after: string | undefined; limit: number },
): ListedPage[] {
  const rows = reader.db
    .select({
      id: webPages.id,
      url: webPages.url,
      waiting: webPages.waiting,
      run: webPages.run,
      outcome: webPages.outcome,
      reason: webPages.reason,
      checkedAt: webPages.checkedAt,
      documentId: documents.id,
      documentStatus: documents.status,
      documentError: documents.errorMessage,
    })
    .from(webPages)
    .leftJoin(documents, liveDocument)
    .where(
      and(
        eq(webPages.sourceId, source.id),
        eq(webPages.kind, "page"),
        options.after === undefined ? undefined : gt(webPages.id, options.after),
      ),
    )
    .orderBy(asc(webPages.id))
    .limit(options.limit)
    .all();
  return rows.map(({ waiting, run, outcome, documentStatus, documentError, ...row }) => {
    // What a run that ended early did not come to does not wait any more.
    const isWaiting = waiting && source.status === "running" && run === source.run;
    const isBroken = documentStatus === "failed" && outcome !== "failed";
    return {
      ...row,
      status: isBroken ? "failed" : isWaiting ? "waiting" : statusOf(outcome, row.documentId),
      reason: isBroken ? documentError : row.reason,
    };
  });
}

function statusOf(outcome: PageOutcome | null, documentId: string | null): PageStatus {
  if (outcome === "failed" || outcome === "skipped" || outcome === "gone") return outcome;
  return documentId === null ? "waiting" : "indexed";
}
