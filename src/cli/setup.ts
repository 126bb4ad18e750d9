/** `metachat setup` */
import { z } from "zod";
import { announcedAddress } from "../tenants/data-folder.ts";
import { type Command, exitCodes, print, requireOption, UsageError } from "./command.ts";
import { openApp } from "./open-app.ts";

export const setup: Command = {
  name: "setup",
  usage: "--email E --password-stdin --tenant NAME | --link",
  summary: "Make the first operator and tenant without a browser, or print a fresh setup link",
  options: {
    email: { type: "string", value: "ADDRESS", meaning: "of the first operator" },
    "password-stdin": { type: "boolean", meaning: "read the password from standard input" },
    tenant: { type: "string", value: "NAME", meaning: "of the business" },
    link: { type: "boolean", meaning: "print a new one-time link, valid for 30 minutes" },
  },
  examples: [
    "metachat setup --link",
    "echo 'a long password' | metachat setup --email me@shop.example --password-stdin --tenant 'My shop'",
  ],
  async run(context) {
    if (context.options.link === true) {
      await using app = await openApp(context, { exclusive: false, logLevel: "warn" });
      const { host, port, publicUrl } = app.config;
      const running = await announcedAddress(app.config.data);
      const base = publicUrl ?? running ?? `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`;
      const link = `${base}/setup?token=${app.accounts.createSetupToken()}`;
      print(context, { link }, link);
      return exitCodes.done;
    }
    const email = requireOption(context, "email");
    const tenant = requireOption(context, "tenant");
    if (context.options["password-stdin"] !== true)
      throw new UsageError(
        "--password-stdin is missing: the password is read from standard input, never from the command line.",
      );
    if (!z.email().safeParse(email).success) throw new UsageError(`"${email}" is not an e-mail address.`);
    const password = (await context.streams.readStdin()).replace(/\r?\n$/, "");
    await using app = await openApp(context, { exclusive: false, logLevel: "warn" });
    const created = await app.setup.fromCommandLine({ email, password, tenant });
    print(
      context,
      { operatorId: created.user.id, tenantId: created.tenant.id, apiKey: created.apiKey },
      `Operator ${created.user.email} and tenant ${created.tenant.name} (${created.tenant.id}) are made.\nAPI key, shown this once: ${created.apiKey}`,
    );
    return exitCodes.done;
  },
};
