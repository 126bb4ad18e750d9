/** `metachat config check|print|example` */
import { exampleConfig, loadProcessConfig } from "../config.ts";
import { type Command, exitCodes, print, UsageError } from "./command.ts";

export const config: Command = {
  name: "config",
  usage: "check | print | example",
  summary: "Check the settings, print those in force (secrets hidden), or write an example file",
  examples: ["metachat config example > data/metachat.toml"],
  async run(context) {
    const [action] = context.args;
    if (action === "example") {
      print(context, { example: exampleConfig() }, exampleConfig());
      return exitCodes.done;
    }
    if (action !== "check" && action !== "print")
      throw new UsageError("Say what to do: config check, config print or config example.");
    const { entries } = loadProcessConfig(context.flags);
    const shown = entries.map(({ secret, value, ...entry }) => ({
      ...entry,
      value: secret && value !== null ? "[hidden]" : value,
    }));
    if (action === "check") print(context, { ok: true }, "The settings are valid.");
    else
      print(
        context,
        { items: shown },
        shown.map((entry) => `${entry.name} = ${entry.value ?? ""}   (${entry.origin})`).join("\n"),
      );
    return exitCodes.done;
  },
};
