/** One logger: a JSON object a line on standard error, with redaction of anything that looks like a secret. */

export type LogLevel = "debug" | "info" | "warn" | "error";
const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

const secretNames = /pass(word)?|secret|token|authorization|cookie|api_?key|master_?key|^key$/i;
/** API keys, bearer headers, provider keys, and setup, session and visitor tokens as this product writes them. */
const secretValues =
  /\bmc_[a-z]+_[A-Za-z0-9_-]{6,}|\bsk-[A-Za-z0-9_-]{6,}|\bBearer\s+\S+|([?&](?:token|key)=)[^&\s"]+/g;

/** Text with the secrets in it replaced by "[redacted]". */
export function redactText(text: string): string {
  return text.replace(secretValues, (_match, query: string | undefined) => `${query ?? ""}[redacted]`);
}

/** A copy of `value` that is safe to log. Depth is bounded; what lies deeper is left out. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value.length > 4000 ? `${value.slice(0, 4000)}…` : value);
  if (value === null || typeof value !== "object") return value;
  if (depth > 5) return "…";
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  if (value instanceof Error) return redactText(`${value.name}: ${value.message}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      secretNames.test(name) && item !== null && typeof item !== "boolean"
        ? "[redacted]"
        : redact(item, depth + 1),
    ]),
  );
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where a finished line goes; standard error unless told. */
  readonly write?: (line: string) => void;
}

export function createLogger(options: LoggerOptions, base: LogFields = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const emit = (level: LogLevel, message: string, fields: LogFields = {}) => {
    if (order[level] < order[options.level]) return;
    const line = { time: new Date().toISOString(), level, message: redactText(message) };
    const details = redact({ ...base, ...fields });
    write(`${JSON.stringify({ ...line, ...(details as object) })}\n`);
  };
  return {
    debug: (message, fields) => emit("debug", message, fields),
    info: (message, fields) => emit("info", message, fields),
    warn: (message, fields) => emit("warn", message, fields),
    error: (message, fields) => emit("error", message, fields),
    with: (fields) => createLogger(options, { ...base, ...fields }),
  };
}
