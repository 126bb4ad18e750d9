/** Builds the App for a command, on the settings of this process. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type App, createApp } from "../app.ts";
import { type Config, loadProcessConfig } from "../config.ts";
import { createLogger, type LogLevel } from "../log.ts";
import { type CommandContext, UsageError } from "./command.ts";

/** argv that starts this same program as the parsing child. */
export function parseCommand(): readonly string[] {
  const script = process.argv[1];
  const fromSource =
    script !== undefined && basename(process.execPath).startsWith("bun") && script.endsWith(".ts");
  return fromSource ? [process.execPath, script, "parse-worker"] : [process.execPath, "parse-worker"];
}

export interface OpenOptions {
  /** Holds the data folder's lock. */
  readonly exclusive: boolean;
  readonly logLevel?: LogLevel;
  readonly change?: (config: Config) => Config;
  /** For commands that look at an installation: a mistyped path must not become a new one. */
  readonly mustExist?: true;
}

export async function openApp(context: CommandContext, options: OpenOptions): Promise<App> {
  const { config, secrets } = loadProcessConfig(context.flags);
  const changed = options.change?.(config) ?? config;
  if (options.mustExist === true && !existsSync(join(changed.data, "control.db")))
    throw new UsageError(
      `There is no installation in ${changed.data}. Start one with \`metachat serve --data ${changed.data}\`, or check the path.`,
    );
  return createApp({
    config: changed,
    secrets,
    parseCommand: parseCommand(),
    exclusive: options.exclusive,
    ...(options.logLevel === undefined ? {} : { log: createLogger({ level: options.logLevel }) }),
  });
}
