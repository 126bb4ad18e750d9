/** All commands, their help, and the mapping of what they throw to exit codes. */
import { parseArgs } from "node:util";
import { ConfigError, loadProcessConfig, settingsTable } from "../config.ts";
import { AppError, describeError } from "../errors.ts";
import { placeFile } from "../native/install.ts";
import { MasterKeyError } from "../secrets/master-key.ts";
import { DataFolderBusy } from "../tenants/data-folder.ts";
import { version as release } from "../version.ts";
import { ask } from "./ask.ts";
import {
  type Command,
  type CommandContext,
  exitCodes,
  type OptionSpec,
  print,
  type Streams,
  UsageError,
} from "./command.ts";
import { config } from "./config.ts";
import { doctor } from "./doctor.ts";
import { selfTest } from "./self-test.ts";
import { serve } from "./serve.ts";
import { setup } from "./setup.ts";
import { tenant } from "./tenant.ts";
import { user } from "./user.ts";

const version: Command = {
  name: "version",
  usage: "",
  summary: "Print the version",
  async run(context) {
    print(
      context,
      { version: release, bun: Bun.version, platform: `${process.platform}-${process.arch}` },
      release,
    );
    return exitCodes.done;
  },
};

const parseWorker: Command = {
  name: "parse-worker",
  usage: "",
  summary: "Read documents for the server (started by it)",
  hidden: true,
  // The readers of file formats take longest to load, and only this command needs them.
  run: async () => (await import("../knowledge/parser/parse-child.ts")).runParseChild(),
};

const placeFileCommand: Command = {
  name: "place-file",
  usage: "NAME",
  summary: "Put a file of the executable on disk (started by the server)",
  hidden: true,
  async run(context) {
    await placeFile(loadProcessConfig(context.flags).config.data, context.args[0] ?? "");
    return exitCodes.done;
  },
};

export const commands: readonly Command[] = [
  serve,
  setup,
  tenant,
  user,
  ask,
  doctor,
  config,
  selfTest,
  version,
  parseWorker,
  placeFileCommand,
];

/** Flags of every command that stand for a setting. */
const settingFlags: Readonly<Record<string, { env: string; value: string; meaning: string }>> = {
  data: { env: settingsTable.data.env, value: "FOLDER", meaning: settingsTable.data.meaning },
  host: { env: settingsTable.host.env, value: "ADDRESS", meaning: settingsTable.host.meaning },
  port: { env: settingsTable.port.env, value: "PORT", meaning: settingsTable.port.meaning },
};

const commonOptions: Readonly<Record<string, OptionSpec>> = {
  ...Object.fromEntries(
    Object.entries(settingFlags).map(([name, flag]) => [
      name,
      { type: "string" as const, value: flag.value, meaning: flag.meaning },
    ]),
  ),
  json: { type: "boolean", meaning: "print one JSON object instead of text" },
  help: { type: "boolean", meaning: "explain the command" },
};

const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readStdin: () => Bun.stdin.text(),
};

export function generalHelp(): string {
  const shown = commands.filter((command) => command.hidden !== true);
  const width = Math.max(...shown.map((command) => command.name.length)) + 2;
  return [
    `MetaChat ${release}: an AI assistant that answers your customers from your own documents.`,
    "",
    "Usage: metachat COMMAND [options]",
    "",
    ...shown.map((command) => `  ${command.name.padEnd(width)}${command.summary}`),
    "",
    "Examples",
    "  metachat serve                        start the server and print the link to open",
    '  metachat ask --file prices.pdf "What does delivery cost?"',
    "  metachat COMMAND --help               explain a command",
    "",
    "Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 the answer is not known, 4 already running",
  ].join("\n");
}

export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions });
  const names = options.map(
    ([name, option]) => `--${name}${option.value === undefined ? "" : ` ${option.value}`}`,
  );
  const width = Math.max(...names.map((name) => name.length)) + 2;
  return [
    `Usage: metachat ${command.name} ${command.usage}`.trimEnd(),
    "",
    `${command.summary}.`,
    "",
    ...options.map(([, option], index) => `  ${(names[index] ?? "").padEnd(width)}${option.meaning}`),
    ...(command.examples === undefined
      ? []
      : ["", "Examples", ...command.examples.map((example) => `  ${example}`)]),
  ].join("\n");
}

function contextOf(
  command: Command,
  args: readonly string[],
  streams: Streams,
): CommandContext & { help: boolean } {
  const specs = { ...command.options, ...commonOptions };
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { type: spec.type, multiple: spec.multiple ?? false },
    ]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)} See metachat ${command.name} --help.`,
    );
  }
  const values = parsed.values as CommandContext["options"];
  const flags: Record<string, string> = {};
  for (const [name, { env }] of Object.entries(settingFlags)) {
    const value = values[name];
    if (typeof value === "string") flags[env] = value;
  }
  return {
    args: parsed.positionals,
    options: values,
    json: values.json === true,
    help: values.help === true,
    streams,
    flags,
  };
}

/** Runs what the arguments say. @returns the exit code; never throws */
export async function runCommand(
  argv: readonly string[],
  streams: Streams = processStreams,
): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    streams.out(`${generalHelp()}\n`);
    return exitCodes.done;
  }
  const command = commands.find((item) => item.name === (name === "--version" ? "version" : name));
  if (command === undefined) {
    streams.err(`There is no command "${name}".\n\n${generalHelp()}\n`);
    return exitCodes.usage;
  }
  let json = args.includes("--json");
  try {
    const context = contextOf(command, args, streams);
    json = context.json;
    if (context.help) {
      streams.out(`${commandHelp(command)}\n`);
      return exitCodes.done;
    }
    return await command.run(context);
  } catch (error) {
    return report(error, json, streams);
  }
}

function report(error: unknown, json: boolean, streams: Streams): number {
  const { code, exit, lines } = explain(error);
  if (json) streams.out(`${JSON.stringify({ error: { code, message: lines.join("\n") } })}\n`);
  else streams.err(`${lines.join("\n")}\n`);
  return exit;
}

function explain(error: unknown): { code: string; exit: number; lines: readonly string[] } {
  if (error instanceof ConfigError) return { code: "config", exit: exitCodes.usage, lines: error.mistakes };
  if (error instanceof UsageError) return { code: "usage", exit: exitCodes.usage, lines: [error.message] };
  if (error instanceof DataFolderBusy)
    return { code: "already_running", exit: exitCodes.alreadyRunning, lines: [error.message] };
  if (error instanceof MasterKeyError)
    return { code: "master_key", exit: exitCodes.usage, lines: [error.message] };
  if (error instanceof AppError) return { code: error.code, exit: exitCodes.failed, lines: [error.message] };
  return { code: "failed", exit: exitCodes.failed, lines: [describeError(error)] };
}
