/** What one tenant may have, as the operator set it. */
import type { Reader } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import { documentTotals } from "./documents.ts";

export interface DocumentQuota {
  readonly documents: number;
  /** Of all originals together. */
  readonly bytes: number;
}

/** @throws AppError quota_exceeded when so many documents and bytes more are too many */
export function checkQuota(reader: Reader, quota: DocumentQuota, documents: number, bytes: number): void {
  const used = documentTotals(reader);
  if (documents > 0 && used.documents + documents > quota.documents)
    throw new AppError(
      "quota_exceeded",
      `There is room for ${quota.documents.toLocaleString("en")} documents, and so many are there. Delete some, or ask the operator for more room.`,
    );
  if (bytes > 0 && used.bytes + bytes > quota.bytes)
    throw new AppError(
      "quota_exceeded",
      `All documents together may take ${Math.round(quota.bytes / 1024 / 1024).toLocaleString("en")} MB, and this one would exceed that. Delete some, or ask the operator for more room.`,
    );
}
