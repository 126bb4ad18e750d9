/** The appliance's audit log: append-only, one row for every act that touches access. */
import { auditLog } from "../db/control-schema.ts";
import type { Writer } from "../db/transaction.ts";

export interface Act {
  /** `user:<id>`, `key:<id>`, `cli` or `visitor`. */
  readonly actor: string;
  /** e.g. `session.created` */
  readonly act: string;
  readonly tenantId?: string;
  readonly address?: string;
  /** Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export function recordAct(writer: Writer, act: Act): void {
  writer.db
    .insert(auditLog)
    .values({
      at: Date.now(),
      actor: act.actor,
      act: act.act,
      tenantId: act.tenantId ?? null,
      address: act.address ?? null,
      detail: act.detail ?? {},
    })
    .run();
}
