/** Drizzle's view of `control.db`. The migrations are the truth; a test compares the two. */
import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const tenants = sqliteTable("tenants", {
  id: text("id").primaryKey(),
  slug: text("slug").notNull(),
  name: text("name").notNull(),
  status: text("status", { enum: ["active", "suspended"] }).notNull(),
  sealedKey: blob("sealed_key", { mode: "buffer" }).notNull(),
  jobsDueAt: integer("jobs_due_at"),
  createdAt: integer("created_at").notNull(),
});

export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  email: text("email").notNull(),
  passwordHash: text("password_hash").notNull(),
  operator: integer("operator", { mode: "boolean" }).notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

export const memberships = sqliteTable(
  "memberships",
  {
    userId: text("user_id").notNull(),
    tenantId: text("tenant_id").notNull(),
    role: text("role", { enum: ["owner", "admin", "editor", "agent", "viewer"] }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.tenantId] })],
);

export const sessions = sqliteTable("sessions", {
  tokenHash: blob("token_hash", { mode: "buffer" }).primaryKey(),
  userId: text("user_id").notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
  lastUsedAt: integer("last_used_at").notNull(),
});

export const apiKeys = sqliteTable("api_keys", {
  id: text("id").primaryKey(),
  tenantId: text("tenant_id").notNull(),
  name: text("name").notNull(),
  prefix: text("prefix").notNull(),
  keyHash: blob("key_hash", { mode: "buffer" }).notNull(),
  createdAt: integer("created_at").notNull(),
  lastUsedAt: integer("last_used_at"),
});

export const setupLinks = sqliteTable("setup_links", {
  tokenHash: blob("token_hash", { mode: "buffer" }).primaryKey(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
});

export const channelKeys = sqliteTable("channel_keys", {
  publicKey: text("public_key").primaryKey(),
  tenantId: text("tenant_id").notNull(),
  channelId: text("channel_id").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const heartbeat = sqliteTable("heartbeat", {
  id: integer("id").primaryKey(),
  at: integer("at").notNull(),
});

export const auditLog = sqliteTable("audit_log", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  at: integer("at").notNull(),
  actor: text("actor").notNull(),
  act: text("act").notNull(),
  tenantId: text("tenant_id"),
  address: text("address"),
  detail: text("detail", { mode: "json" }).$type<Readonly<Record<string, unknown>>>().notNull(),
});
