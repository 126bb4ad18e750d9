/**
 * The only reader of the environment. Strings from the command line, the environment, `*_FILE` and
 * `<data>/metachat.toml` are merged (in that order of precedence), then validated into a frozen `Config`.
 * Secrets live in a separate object so that a config can be logged without thinking.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { parseCidr } from "./egress/addresses.ts";

const port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port number from 0 to 65535")
  .transform(Number)
  .refine((value) => value <= 65535, "must be a port number from 0 to 65535");

const httpUrl = z.url({
  protocol: /^https?$/,
  error: "must be an address that starts with http:// or https://",
});

const cidrs = z
  .string()
  .transform((value) => value.split(/[\s,]+/).filter((item) => item !== ""))
  .superRefine((items, context) => {
    for (const item of items) {
      if (parseCidr(item) === null)
        context.addIssue({ code: "custom", message: `"${item}" is not an address range such as 10.0.0.0/8` });
    }
  });

const base64Key = z
  .string()
  .refine(
    (value) => /^[A-Za-z0-9+/]{43}=$/.test(value.trim()),
    "must be 32 bytes in base64 (44 characters, e.g. from `openssl rand -base64 32`)",
  )
  .transform((value) => value.trim());

interface Setting {
  readonly env: string;
  readonly schema: z.ZodType;
  readonly fallback: string | null;
  readonly meaning: string;
  readonly secret?: true;
}

function setting<S extends z.ZodType>(
  env: string,
  schema: S,
  fallback: string | null,
  meaning: string,
  options: { secret?: true } = {},
): Setting & { schema: S } {
  return { env, schema, fallback, meaning, ...options };
}

/** Every setting there is. The documentation, `config example` and the check for unknown names come from this table. */
export const settingsTable = {
  data: setting("METACHAT_DATA", z.string().min(1), "./data", "data folder (created with mode 0700)"),
  host: setting("METACHAT_HOST", z.string().min(1), "127.0.0.1", "listen address; 0.0.0.0 for all networks"),
  port: setting("METACHAT_PORT", port, "3210", "listen port; 0 picks a free one"),
  publicUrl: setting(
    "METACHAT_PUBLIC_URL",
    httpUrl,
    null,
    "address under which visitors reach this server; taken from the request when empty",
  ),
  egressAllow: setting(
    "METACHAT_EGRESS_ALLOW",
    cidrs,
    "",
    "address ranges (comma separated) that addresses set by a tenant may reach beyond the public internet",
  ),
  ollamaHost: setting(
    "OLLAMA_HOST",
    z.string().transform(normaliseOllamaHost).pipe(httpUrl),
    "http://127.0.0.1:11434",
    "the operator's Ollama server",
  ),
  ollamaModel: setting(
    "METACHAT_OLLAMA_MODEL",
    z.string().min(1).max(200),
    null,
    "model of that server; the first chat model it lists when empty",
  ),
  logLevel: setting(
    "METACHAT_LOG_LEVEL",
    z.enum(["debug", "info", "warn", "error"]),
    "info",
    "least level that is logged: debug, info, warn or error",
  ),
  durability: setting(
    "METACHAT_DURABILITY",
    z.enum(["full", "normal"]),
    "full",
    "full: what was acknowledged survives a power cut; normal: faster, survives a crash of the process only",
  ),
  maxUploadMb: setting(
    "METACHAT_MAX_UPLOAD_MB",
    z
      .string()
      .regex(/^\d{1,4}$/, "must be a whole number of megabytes")
      .transform(Number)
      .refine((value) => value >= 1, "must be at least 1"),
    "50",
    "largest document, in megabytes",
  ),
  tenantDocuments: setting(
    "METACHAT_TENANT_DOCUMENTS",
    z
      .string()
      .regex(/^\d{1,9}$/, "must be a whole number")
      .transform(Number),
    "100000",
    "documents that one tenant may have",
  ),
  tenantStorageMb: setting(
    "METACHAT_TENANT_STORAGE_MB",
    z
      .string()
      .regex(/^\d{1,9}$/, "must be a whole number of megabytes")
      .transform(Number),
    "20480",
    "megabytes that the originals of one tenant's documents may take",
  ),
  ocr: setting(
    "METACHAT_OCR",
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{1,39}$/, "must be off, eng or the name of a file in <data>/ocr/"),
    "off",
    "text recognition for scanned PDFs: off, eng (built in) or the NAME of a Tesseract file <data>/ocr/NAME.traineddata",
  ),
  trustedProxies: setting(
    "METACHAT_TRUSTED_PROXIES",
    cidrs,
    "",
    "address ranges of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
  ),
  masterKey: setting(
    "METACHAT_MASTER_KEY",
    base64Key,
    null,
    "base64 of 32 bytes; encrypts the tenants' keys. Made in <data>/keys/ when empty",
    { secret: true },
  ),
} as const;

type SettingName = keyof typeof settingsTable;
type Values = { [Name in SettingName]: z.output<(typeof settingsTable)[Name]["schema"]> | null };

export interface Config {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
  readonly egressAllow: readonly string[];
  readonly ollamaHost: string;
  /** True when the operator set OLLAMA_HOST himself, false for the default address. */
  readonly ollamaHostSet: boolean;
  readonly ollamaModel: string | null;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly durability: "full" | "normal";
  readonly maxUploadBytes: number;
  /** Of one tenant. */
  readonly quota: { readonly documents: number; readonly bytes: number };
  /** "off", or the name of a language or script. */
  readonly ocr: string;
  readonly trustedProxies: readonly string[];
}

export interface ConfigSecrets {
  /** base64 of 32 bytes, or null: use or make the one in the data folder. */
  readonly masterKey: string | null;
}

/** Where a value came from, for `config print`. */
export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly origin: "default" | "environment" | "file" | "metachat.toml" | "command line";
  readonly secret: boolean;
}

/** Thrown with one clear sentence per mistake. The start stops with exit code 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join("\n"));
  }
}

export interface ConfigSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the command line, by the setting's environment name. */
  readonly flags?: Readonly<Record<string, string>>;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly secrets: ConfigSecrets;
  readonly entries: readonly ConfigEntry[];
}

/** `host`, `host:port` and `0.0.0.0` are what Ollama itself takes in OLLAMA_HOST. */
function normaliseOllamaHost(value: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.parse(withScheme);
  if (url === null) return value;
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.port === "" && !/:\d+\/?$/.test(withScheme) && url.protocol === "http:") url.port = "11434";
  return url.toString().replace(/\/$/, "");
}

/** Reads and validates everything. @throws ConfigError */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const mistakes: string[] = [];
  const data = resolve(
    source.flags?.METACHAT_DATA ?? source.env.METACHAT_DATA ?? settingsTable.data.fallback ?? "./data",
  );
  const toml = readToml(join(data, "metachat.toml"), mistakes);
  findUnknown(source.env, toml, mistakes);
  const entries = collect(source, toml, mistakes);
  const values = validate(entries, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { ...toConfig(values, entries, data), entries: [...entries.values()] };
}

function readToml(path: string, mistakes: string[]): Map<string, string> {
  if (!existsSync(path)) return new Map();
  try {
    const parsed: unknown = Bun.TOML.parse(readFileSync(path, "utf8"));
    const flat = z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .safeParse(parsed);
    if (!flat.success) {
      mistakes.push(
        `${path}: every setting must be a plain value such as METACHAT_PORT = "3210"; tables are not used.`,
      );
      return new Map();
    }
    return new Map(
      Object.entries(flat.data).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(",") : String(value),
      ]),
    );
  } catch (error) {
    mistakes.push(`${path} is not valid TOML: ${error instanceof Error ? error.message : String(error)}.`);
    return new Map();
  }
}

function findUnknown(env: ConfigSource["env"], toml: ReadonlyMap<string, string>, mistakes: string[]): void {
  const known = new Set(Object.values(settingsTable).flatMap((item) => [item.env, `${item.env}_FILE`]));
  for (const name of Object.keys(env)) {
    if (name.startsWith("METACHAT_") && !known.has(name))
      mistakes.push(
        `The environment has ${name}, which is no setting of MetaChat. \`metachat config example\` lists them all.`,
      );
  }
  for (const name of toml.keys()) {
    if (!known.has(name))
      mistakes.push(
        `metachat.toml has ${name}, which is no setting of MetaChat. \`metachat config example\` lists them all.`,
      );
  }
}

function collect(
  source: ConfigSource,
  toml: ReadonlyMap<string, string>,
  mistakes: string[],
): Map<SettingName, ConfigEntry> {
  const entries = new Map<SettingName, ConfigEntry>();
  for (const [key, item] of Object.entries(settingsTable) as [SettingName, Setting][]) {
    const secret = item.secret === true;
    const found = findValue(item, source, toml, mistakes);
    entries.set(key, { name: item.env, secret, ...found });
  }
  return entries;
}

function findValue(
  item: Setting,
  source: ConfigSource,
  toml: ReadonlyMap<string, string>,
  mistakes: string[],
): Pick<ConfigEntry, "value" | "origin"> {
  const flag = source.flags?.[item.env];
  if (flag !== undefined) return { value: flag, origin: "command line" };
  const direct = source.env[item.env];
  const file = source.env[`${item.env}_FILE`] ?? toml.get(`${item.env}_FILE`);
  if (direct !== undefined && direct !== "" && source.env[`${item.env}_FILE`] !== undefined)
    mistakes.push(`${item.env} and ${item.env}_FILE are both set; keep one of them.`);
  if (direct !== undefined && direct !== "") return { value: direct, origin: "environment" };
  if (file !== undefined && file !== "") {
    try {
      return { value: readFileSync(file, "utf8").trim(), origin: "file" };
    } catch {
      mistakes.push(`${item.env}_FILE names ${file}, which cannot be read.`);
      return { value: item.fallback, origin: "default" };
    }
  }
  const fromToml = toml.get(item.env);
  if (fromToml !== undefined) return { value: fromToml, origin: "metachat.toml" };
  return { value: item.fallback, origin: "default" };
}

function validate(entries: ReadonlyMap<SettingName, ConfigEntry>, mistakes: string[]): Values {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [key, entry] of entries) {
    if (entry.value === null) {
      values[key] = null;
      continue;
    }
    const result = settingsTable[key].schema.safeParse(entry.value);
    if (result.success) values[key] = result.data;
    else {
      const shown = entry.secret ? "" : ` (it is "${entry.value}")`;
      for (const issue of result.error.issues)
        mistakes.push(`${entry.name} ${sentence(issue.message)}${shown}.`);
    }
  }
  return values as Values;
}

function sentence(message: string): string {
  return /^(must|"|is) ?/.test(message) ? message : `is not valid: ${message}`;
}

function toConfig(
  values: Values,
  entries: ReadonlyMap<SettingName, ConfigEntry>,
  data: string,
): { config: Config; secrets: ConfigSecrets } {
  const config: Config = Object.freeze({
    data,
    host: values.host ?? "127.0.0.1",
    port: values.port ?? 3210,
    publicUrl: values.publicUrl?.replace(/\/+$/, "") ?? null,
    egressAllow: Object.freeze(values.egressAllow ?? []),
    ollamaHost: values.ollamaHost ?? "http://127.0.0.1:11434",
    ollamaHostSet: entries.get("ollamaHost")?.origin !== "default",
    ollamaModel: values.ollamaModel,
    logLevel: values.logLevel ?? "info",
    durability: values.durability ?? "full",
    maxUploadBytes: (values.maxUploadMb ?? 50) * 1024 * 1024,
    quota: {
      documents: values.tenantDocuments ?? 100_000,
      bytes: (values.tenantStorageMb ?? 20_480) * 1024 * 1024,
    },
    ocr: values.ocr ?? "off",
    trustedProxies: Object.freeze(values.trustedProxies ?? []),
  });
  return { config, secrets: Object.freeze({ masterKey: values.masterKey }) };
}

/** A documented `metachat.toml` with every setting commented out at its default. */
export function exampleConfig(): string {
  const lines = [
    "# metachat.toml: place it in the data folder. Environment variables and flags win over it.",
    "",
  ];
  for (const item of Object.values(settingsTable) as Setting[]) {
    lines.push(`# ${item.meaning}`, `# ${item.env} = ${JSON.stringify(item.fallback ?? "")}`);
    if (item.secret) lines.push(`# ${item.env}_FILE = "/path/to/a/file/that/holds/it"`);
    lines.push("");
  }
  return lines.join("\n");
}

/** The same from this process's own environment. @throws ConfigError */
export function loadProcessConfig(flags: Readonly<Record<string, string>>): LoadedConfig {
  return loadConfig({ env: process.env, flags });
}
