/** Messages that somebody missed, page by page, however many they are. */
import type { Reader } from "../db/transaction.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import { listMessages, type StoredMessage } from "./messages.ts";

const pageSize = 200;

/**
 * Calls `show` with every message after `after`, in order, and lets others work between two pages. What arrives
 * meanwhile comes through the feed too: subscribe before, hold its events back, and hand them on after this.
 */
export async function catchUp(
  store: TenantStore,
  tenantId: string,
  conversationId: string,
  after: number,
  show: (message: StoredMessage) => void,
): Promise<void> {
  let from = after;
  for (;;) {
    const page = await store.read(tenantId, (reader: Reader) =>
      listMessages(reader, conversationId, from, pageSize),
    );
    for (const message of page) show(message);
    if (page.length < pageSize) return;
    from = page.at(-1)?.seq ?? from;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
