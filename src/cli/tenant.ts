/** `metachat tenant create|list|suspend|resume` */
import { type Command, exitCodes, print, UsageError } from "./command.ts";
import { openApp } from "./open-app.ts";

export const tenant: Command = {
  name: "tenant",
  usage: "create NAME | list | suspend TENANT | resume TENANT",
  summary: "Make, list, suspend and resume tenants (TENANT: id, slug or name)",
  examples: ["metachat tenant create 'Second shop'"],
  async run(context) {
    const [action, name] = context.args;
    if (action !== "list" && name === undefined)
      throw new UsageError(
        "Say what to do: tenant create NAME, tenant list, tenant suspend TENANT or tenant resume TENANT.",
      );
    await using app = await openApp(context, { exclusive: false, logLevel: "warn" });
    switch (action) {
      case "list": {
        const items = app.tenants.list();
        print(
          context,
          { items },
          items.map((item) => `${item.id}  ${item.slug}  ${item.status}  ${item.name}`).join("\n") ||
            "There are no tenants yet.",
        );
        return exitCodes.done;
      }
      case "create": {
        const created = await app.setup.addTenant(name ?? "");
        print(
          context,
          { id: created.tenant.id, slug: created.tenant.slug, apiKey: created.apiKey },
          `Tenant ${created.tenant.slug} (${created.tenant.id}) is made.\nAPI key, shown this once: ${created.apiKey}`,
        );
        return exitCodes.done;
      }
      case "suspend":
      case "resume": {
        const found = app.tenants.find(name ?? "");
        const status = action === "suspend" ? "suspended" : "active";
        app.tenants.setStatus(found.id, status);
        print(context, { id: found.id, status }, `Tenant ${found.slug} is ${status}.`);
        return exitCodes.done;
      }
      default:
        throw new UsageError(`There is no "tenant ${action}". There are: create, list, suspend, resume.`);
    }
  },
};
