/** The first operator with his tenant, and further tenants. */
import { channelKeys } from "../db/control-schema.ts";
import { channels } from "../db/tenant-schema.ts";
import type { Writer } from "../db/transaction.ts";
import { defaultSettings, writeSettings } from "../tenants/settings.ts";
import type { Tenant, Tenants } from "../tenants/tenants.ts";
import type { Accounts, User } from "./accounts.ts";
import { insertApiKey } from "./api-keys.ts";
import { recordAct } from "./audit.ts";
import { hashPassword } from "./passwords.ts";
import { newToken } from "./tokens.ts";

export interface FirstOperator {
  readonly email: string;
  readonly password: string;
  /** Name of the business. */
  readonly tenant: string;
}

export class Setup {
  constructor(
    readonly accounts: Accounts,
    readonly tenants: Tenants,
  ) {}

  /** From the setup page. @throws AppError setup_link_invalid, setup_done, invalid_request */
  async withToken(input: FirstOperator & { token: string }): Promise<{ user: User; tenant: Tenant }> {
    this.accounts.control.read((reader) => this.accounts.checkSetupToken(reader, input.token));
    return this.#first(input, (writer) => this.accounts.checkSetupToken(writer, input.token));
  }

  /** From the command line; also makes an API key. @throws AppError setup_done, invalid_request */
  async fromCommandLine(input: FirstOperator): Promise<{ user: User; tenant: Tenant; apiKey: string }> {
    const created = await this.#first(input, () => undefined);
    const { key } = this.accounts.control.transact((writer) =>
      insertApiKey(writer, created.tenant.id, "setup", "cli"),
    );
    return { ...created, apiKey: key };
  }

  /** Another tenant, with an API key; every operator becomes its owner. */
  async addTenant(name: string): Promise<{ tenant: Tenant; apiKey: string }> {
    let apiKey = "";
    const tenant = await this.#createTenant(name, (writer, tenantId) => {
      this.accounts.addOperatorsTo(writer, tenantId);
      apiKey = insertApiKey(writer, tenantId, "first", "cli").key;
      recordAct(writer, { actor: "cli", act: "tenant.created", tenantId });
    });
    return { tenant, apiKey };
  }

  async #first(
    input: FirstOperator,
    check: (writer: Writer) => void,
  ): Promise<{ user: User; tenant: Tenant }> {
    const passwordHash = await hashPassword(input.password);
    let user: User | undefined;
    const tenant = await this.#createTenant(input.tenant, (writer, tenantId) => {
      check(writer);
      user = this.accounts.insertOperator(writer, { email: input.email, passwordHash, tenantId });
    });
    if (user === undefined) throw new Error("the operator was not made");
    return { user, tenant };
  }

  #createTenant(name: string, register: (writer: Writer, tenantId: string) => void): Promise<Tenant> {
    const webchat = { id: Bun.randomUUIDv7(), publicKey: newToken("pub") };
    return this.tenants.create({
      name,
      prepare: (writer) => {
        const createdAt = Date.now();
        writeSettings(
          writer,
          { ...defaultSettings, assistant: { ...defaultSettings.assistant, name: name.trim().slice(0, 80) } },
          "setup",
        );
        writer.db
          .insert(channels)
          .values([
            {
              id: webchat.id,
              kind: "webchat",
              name: "Web site",
              publicKey: webchat.publicKey,
              allowedOrigins: [],
              createdAt,
            },
            {
              id: Bun.randomUUIDv7(),
              kind: "api",
              name: "API",
              publicKey: null,
              allowedOrigins: [],
              createdAt,
            },
          ])
          .run();
      },
      register: (writer, tenantId) => {
        register(writer, tenantId);
        writer.db
          .insert(channelKeys)
          .values({ publicKey: webchat.publicKey, tenantId, channelId: webchat.id, createdAt: Date.now() })
          .run();
      },
    });
  }
}
