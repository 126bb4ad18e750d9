/** Users, the first of them by a setup link, and their sessions. */
import { and, eq, gt, lte } from "drizzle-orm";
import { memberships, sessions, setupLinks, tenants, users } from "../db/control-schema.ts";
import type { Reader, Writer } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import type { ControlStore } from "../tenants/control-store.ts";
import { recordAct } from "./audit.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

export type Role = "owner" | "admin" | "editor" | "agent" | "viewer";

export interface User {
  readonly id: string;
  readonly email: string;
  readonly operator: boolean;
}

export interface Membership {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
}

export const setupLinkMs = 30 * 60_000;
export const sessionMs = 14 * 24 * 3_600_000;
/** A session's last use is written at most this often. */
const touchMs = 5 * 60_000;

export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

const userColumns = { id: users.id, email: users.email, operator: users.operator } as const;

export class Accounts {
  constructor(readonly control: ControlStore) {}

  hasOperator(): boolean {
    return this.control.read(operatorExists);
  }

  /** A new one-time link token, valid for 30 minutes; links made before are void. @throws AppError when set up already. */
  createSetupToken(): string {
    const token = newToken("setup");
    const now = Date.now();
    this.control.transact((writer) => {
      if (operatorExists(writer)) throw alreadySetUp();
      writer.db.delete(setupLinks).run();
      writer.db
        .insert(setupLinks)
        .values({ tokenHash: hashToken(token), createdAt: now, expiresAt: now + setupLinkMs })
        .run();
    });
    return token;
  }

  isSetupTokenValid(token: unknown): boolean {
    return (
      isToken(token, "setup") &&
      this.control.read((reader) => !operatorExists(reader) && liveSetupLink(reader, token))
    );
  }

  /** @throws AppError when the link is not valid (any more) or there is an operator already. */
  checkSetupToken(reader: Reader, token: unknown): void {
    if (operatorExists(reader)) throw alreadySetUp();
    if (!isToken(token, "setup") || !liveSetupLink(reader, token))
      throw new AppError(
        "setup_link_invalid",
        "This setup link is used up or older than 30 minutes. Run `metachat setup --link` on the server for a new one.",
      );
  }

  /** Inserts the first operator as owner of `tenantId`, and voids all setup links. */
  insertOperator(writer: Writer, input: { email: string; passwordHash: string; tenantId: string }): User {
    if (operatorExists(writer)) throw alreadySetUp();
    const now = Date.now();
    const user = { id: Bun.randomUUIDv7(), email: normaliseEmail(input.email), operator: true };
    writer.db
      .insert(users)
      .values({ ...user, passwordHash: input.passwordHash, createdAt: now, updatedAt: now })
      .run();
    writer.db
      .insert(memberships)
      .values({ userId: user.id, tenantId: input.tenantId, role: "owner", createdAt: now })
      .run();
    writer.db.delete(setupLinks).run();
    recordAct(writer, { actor: `user:${user.id}`, act: "operator.created", tenantId: input.tenantId });
    return user;
  }

  /** Every operator becomes owner of a new tenant, so that somebody can sign in to it. */
  addOperatorsTo(writer: Writer, tenantId: string): void {
    const now = Date.now();
    for (const user of writer.db.select({ id: users.id }).from(users).where(eq(users.operator, true)).all())
      writer.db
        .insert(memberships)
        .values({ userId: user.id, tenantId, role: "owner", createdAt: now })
        .run();
  }

  /** The user when the password is right, else null; both take as long. */
  async authenticate(email: string, password: string): Promise<User | null> {
    const row = this.control.read((reader) =>
      reader.db
        .select({ ...userColumns, passwordHash: users.passwordHash })
        .from(users)
        .where(eq(users.email, normaliseEmail(email)))
        .get(),
    );
    const right = await verifyPassword(password, row?.passwordHash);
    return right && row !== undefined ? { id: row.id, email: row.email, operator: row.operator } : null;
  }

  createSession(userId: string, address: string): string {
    const token = newToken("session");
    const now = Date.now();
    this.control.transact((writer) => {
      writer.db.delete(sessions).where(lte(sessions.expiresAt, now)).run();
      writer.db
        .insert(sessions)
        .values({
          tokenHash: hashToken(token),
          userId,
          createdAt: now,
          expiresAt: now + sessionMs,
          lastUsedAt: now,
        })
        .run();
      recordAct(writer, { actor: `user:${userId}`, act: "session.created", address });
    });
    return token;
  }

  /** The user of a live session, or null. */
  sessionUser(token: unknown): User | null {
    if (!isToken(token, "session")) return null;
    const tokenHash = hashToken(token);
    const now = Date.now();
    const row = this.control.read((reader) =>
      reader.db
        .select({ ...userColumns, lastUsedAt: sessions.lastUsedAt })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now)))
        .get(),
    );
    if (row === undefined) return null;
    if (row.lastUsedAt < now - touchMs)
      this.control.transact((writer) =>
        writer.db.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.tokenHash, tokenHash)).run(),
      );
    return { id: row.id, email: row.email, operator: row.operator };
  }

  endSession(token: string, userId: string): void {
    this.control.transact((writer) => {
      writer.db
        .delete(sessions)
        .where(eq(sessions.tokenHash, hashToken(token)))
        .run();
      recordAct(writer, { actor: `user:${userId}`, act: "session.ended" });
    });
  }

  memberships(userId: string): Membership[] {
    return this.control.read((reader) =>
      reader.db
        .select({ id: tenants.id, slug: tenants.slug, name: tenants.name, role: memberships.role })
        .from(memberships)
        .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
        .where(eq(memberships.userId, userId))
        .orderBy(tenants.name)
        .all(),
    );
  }

  /** The role, or null when the user does not belong to the tenant. */
  roleIn(userId: string, tenantId: string): Role | null {
    const row = this.control.read((reader) =>
      reader.db
        .select({ role: memberships.role })
        .from(memberships)
        .where(and(eq(memberships.userId, userId), eq(memberships.tenantId, tenantId)))
        .get(),
    );
    return row?.role ?? null;
  }

  /** Sets a new password and ends all sessions of the user. @throws AppError not_found */
  async resetPassword(email: string, password: string): Promise<User> {
    const passwordHash = await hashPassword(password);
    return this.control.transact((writer) => {
      const user = writer.db
        .select(userColumns)
        .from(users)
        .where(eq(users.email, normaliseEmail(email)))
        .get();
      if (user === undefined) throw new AppError("not_found", `There is no user with the address ${email}.`);
      writer.db.update(users).set({ passwordHash, updatedAt: Date.now() }).where(eq(users.id, user.id)).run();
      writer.db.delete(sessions).where(eq(sessions.userId, user.id)).run();
      recordAct(writer, { actor: "cli", act: "password.reset", detail: { userId: user.id } });
      return user;
    });
  }

  list(): User[] {
    return this.control.read((reader) =>
      reader.db.select(userColumns).from(users).orderBy(users.email).all(),
    );
  }
}

function operatorExists(reader: Reader): boolean {
  return reader.db.select({ id: users.id }).from(users).where(eq(users.operator, true)).get() !== undefined;
}

function liveSetupLink(reader: Reader, token: string): boolean {
  const row = reader.db
    .select({ expiresAt: setupLinks.expiresAt })
    .from(setupLinks)
    .where(eq(setupLinks.tokenHash, hashToken(token)))
    .get();
  return row !== undefined && row.expiresAt > Date.now();
}

function alreadySetUp(): AppError {
  return new AppError(
    "setup_done",
    "This server is set up already. Sign in, or reset the password with `metachat user reset-password`.",
  );
}
