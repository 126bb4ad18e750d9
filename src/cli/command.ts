/** What a command of the command line is. */

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readStdin: () => Promise<string>;
}

export interface CommandContext {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly json: boolean;
  readonly streams: Streams;
  /** Settings given as flags, by their environment name. */
  readonly flags: Readonly<Record<string, string>>;
}

export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  readonly meaning: string;
  readonly value?: string;
}

export interface Command {
  readonly name: string;
  /** What comes after the name, for the help. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: Readonly<Record<string, OptionSpec>>;
  readonly examples?: readonly string[];
  /** Not shown in the help: for the executable itself. */
  readonly hidden?: boolean;
  run(context: CommandContext): Promise<number>;
}

export const exitCodes = { done: 0, failed: 1, usage: 2, unknownAnswer: 3, alreadyRunning: 4 } as const;

/** Wrong usage: the message says what is wrong and what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export function requireOption(context: CommandContext, name: string): string {
  const value = context.options[name];
  if (typeof value !== "string" || value === "") throw new UsageError(`--${name} is missing.`);
  return value;
}

export function optionalText(context: CommandContext, name: string): string | undefined {
  const value = context.options[name];
  return typeof value === "string" ? value : undefined;
}

/** Prints a result: the object with --json, else the text. */
export function print(context: CommandContext, value: unknown, text: string): void {
  context.streams.out(context.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
}
