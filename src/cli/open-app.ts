/** Builds the App for a command, on the settings of this process. */
import { basename } from "node:path";
import { type App, createApp } from "../app.ts";
import { type Config, loadProcessConfig } from "../config.ts";
import { createLogger, type LogLevel } from "../log.ts";
import type { CommandContext } from "./command.ts";

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
}

export async function openApp(context: CommandContext, options: OpenOptions): Promise<App> {
  const { config, secrets } = loadProcessConfig(context.flags);
  const changed = options.change?.(config) ?? config;
  return createApp({
    config: changed,
    secrets,
    parseCommand: parseCommand(),
    exclusive: options.exclusive,
    ...(options.logLevel === undefined ? {} : { log: createLogger({ level: options.logLevel }) }),
  });
}
