/** `metachat user reset-password|list` */
import { type Command, exitCodes, print, UsageError } from "./command.ts";
import { openApp } from "./open-app.ts";

export const user: Command = {
  name: "user",
  usage: "reset-password ADDRESS --password-stdin | list",
  summary: "Set a user's password (ends all his sessions), list users",
  options: { "password-stdin": { type: "boolean", meaning: "read the new password from standard input" } },
  examples: ["echo 'a new long password' | metachat user reset-password me@shop.example --password-stdin"],
  async run(context) {
    const [action, email] = context.args;
    if (action === "list") {
      await using app = await openApp(context, { exclusive: false, logLevel: "warn", mustExist: true });
      const items = app.accounts.list();
      print(
        context,
        { items },
        items.map((item) => `${item.id}  ${item.email}${item.operator ? "  operator" : ""}`).join("\n") ||
          "There are no users yet.",
      );
      return exitCodes.done;
    }
    if (action !== "reset-password" || email === undefined)
      throw new UsageError("Say what to do: user reset-password ADDRESS --password-stdin, or user list.");
    if (context.options["password-stdin"] !== true)
      throw new UsageError(
        "--password-stdin is missing: the password is read from standard input, never from the command line.",
      );
    const password = (await context.streams.readStdin()).replace(/\r?\n$/, "");
    await using app = await openApp(context, { exclusive: false, logLevel: "warn", mustExist: true });
    const changed = await app.accounts.resetPassword(email, password);
    print(
      context,
      { id: changed.id, email: changed.email },
      `The password of ${changed.email} is changed; all sessions have ended.`,
    );
    return exitCodes.done;
  },
};
