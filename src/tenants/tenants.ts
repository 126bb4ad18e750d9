/** Tenants: create, find, and the tenant's data key. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { eq } from "drizzle-orm";
import { tenants } from "../db/control-schema.ts";
import type { Writer } from "../db/transaction.ts";
import { AppError, notFound } from "../errors.ts";
import { seal, unseal } from "../secrets/seal.ts";
import type { ControlStore } from "./control-store.ts";
import type { TenantStore } from "./tenant-store.ts";

export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  readonly createdAt: number;
}

export interface NewTenant {
  readonly name: string;
  /** Fills the new tenant's database (settings, first channels) in its first transaction. */
  readonly prepare: (tenant: Writer, tenantId: string) => void;
  /** Rows that belong in `control.db` together with the tenant. */
  readonly register: (control: Writer, tenantId: string) => void;
}

export class Tenants {
  constructor(
    readonly control: ControlStore,
    readonly store: TenantStore,
    readonly masterKey: Buffer,
  ) {}

  /** Makes the database first and the entry last, so that a half-made tenant is never seen. */
  async create(input: NewTenant): Promise<Tenant> {
    const id = Bun.randomUUIDv7();
    const name = input.name.trim();
    if (name === "" || name.length > 100)
      throw new AppError("invalid_request", "A tenant's name has 1 to 100 characters.");
    this.store.create(id);
    try {
      await this.store.transact(id, (writer) => input.prepare(writer, id));
      const createdAt = Date.now();
      const sealedKey = seal(this.masterKey, `tenant-key:${id}`, randomBytes(32));
      const slug = this.control.transact((writer) => {
        const free = freeSlug(writer, name);
        writer.db
          .insert(tenants)
          .values({ id, slug: free, name, status: "active", sealedKey, createdAt })
          .run();
        input.register(writer, id);
        return free;
      });
      return { id, slug, name, status: "active", createdAt };
    } catch (error) {
      this.store.close(id);
      rmSync(this.store.folder(id), { recursive: true, force: true });
      throw error;
    }
  }

  list(): Tenant[] {
    return this.control.read((reader) =>
      reader.db.select(publicColumns).from(tenants).orderBy(tenants.id).all(),
    );
  }

  /** @throws AppError not_found */
  get(id: string): Tenant {
    const row = this.control.read((reader) =>
      reader.db.select(publicColumns).from(tenants).where(eq(tenants.id, id)).get(),
    );
    if (row === undefined) throw notFound("tenant");
    return row;
  }

  /** By id, slug or exact name. @throws AppError not_found */
  find(text: string): Tenant {
    const found = this.list().find(
      (tenant) => tenant.id === text || tenant.slug === text || tenant.name === text,
    );
    if (found === undefined) throw notFound("tenant");
    return found;
  }

  setStatus(id: string, status: Tenant["status"]): void {
    this.get(id);
    this.control.transact((writer) =>
      writer.db.update(tenants).set({ status }).where(eq(tenants.id, id)).run(),
    );
  }

  /** Seals a secret of a tenant for storage in its own database. `purpose` says which secret it is. */
  sealSecret(tenantId: string, purpose: string, plain: string): Buffer {
    return seal(this.#dataKey(tenantId), `${tenantId}:${purpose}`, plain);
  }

  /** The secret in plain text: ask for it only at the moment of its use. */
  openSecret(tenantId: string, purpose: string, sealed: Uint8Array): string {
    return unseal(this.#dataKey(tenantId), `${tenantId}:${purpose}`, sealed).toString("utf8");
  }

  #dataKey(tenantId: string): Buffer {
    const row = this.control.read((reader) =>
      reader.db.select({ sealedKey: tenants.sealedKey }).from(tenants).where(eq(tenants.id, tenantId)).get(),
    );
    if (row === undefined) throw notFound("tenant");
    return unseal(this.masterKey, `tenant-key:${tenantId}`, row.sealedKey);
  }
}

const publicColumns = {
  id: tenants.id,
  slug: tenants.slug,
  name: tenants.name,
  status: tenants.status,
  createdAt: tenants.createdAt,
} as const;

/** Lower case letters, digits and hyphens out of a name; numbered when taken. */
function freeSlug(writer: Writer, name: string): string {
  const base =
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || "tenant";
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? base : `${base}-${number}`;
    if (writer.db.select({ id: tenants.id }).from(tenants).where(eq(tenants.slug, slug)).get() === undefined)
      return slug;
  }
}
