/**
 * `metachat self-test`: proves that this executable works on this machine, in a throw-away folder inside the data
 * folder: native parts load, a document is read, found by words and by meaning, and a question is answered from it.
 */
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { loadProcessConfig } from "../config.ts";
import { getDocument } from "../knowledge/documents.ts";
import { version } from "../version.ts";
import { type Command, exitCodes, print } from "./command.ts";
import { openApp } from "./open-app.ts";

const text = `# Returns

You can return any item within 30 days of delivery. The item must be unused and in its original box.

# Opening hours

The shop in Harbour Street is open from Monday to Saturday, nine to six.
`;

interface Step {
  readonly name: string;
  readonly ms: number;
}

export const selfTest: Command = {
  name: "self-test",
  usage: "",
  summary: "Prove that this executable works on this machine, in a throw-away folder",
  async run(context) {
    const { config } = loadProcessConfig(context.flags);
    const folder = resolve(config.data, `self-test-${process.pid}`);
    const steps: Step[] = [];
    const step = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
      const started = performance.now();
      const result = await run();
      steps.push({ name, ms: Math.round(performance.now() - started) });
      return result;
    };
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      await using app = await step("databases and native parts", () =>
        openApp(context, {
          exclusive: true,
          logLevel: "error",
          change: (known) => ({ ...known, data: folder }),
        }),
      );
      const { tenant } = await step("a tenant", () => app.setup.addTenant("Self-test"));
      app.queue.start();
      await step("read, index and embed a document", async () => {
        const content = new Blob([text]);
        const { document } = await app.knowledge.add(tenant.id, {
          source: "text",
          title: "Shop",
          fileName: "shop.md",
          mediaType: "text/markdown",
          content,
        });
        const until = Date.now() + 60_000;
        for (;;) {
          const { status, errorMessage } = await app.store.read(tenant.id, (reader) =>
            getDocument(reader, document.id),
          );
          if (status === "ready") return;
          if (status === "failed" || Date.now() > until)
            throw new Error(errorMessage ?? "the document was not read in a minute");
          await Bun.sleep(10);
        }
      });
      await step("find by meaning", async () => {
        const { passages } = await app.search.search(tenant.id, {
          question: "Can I bring something back?",
          limit: 3,
          mode: "vector",
        });
        if (passages[0]?.text.includes("return any item") !== true)
          throw new Error("the right passage was not found by meaning");
      });
      await step("answer with a source, and admit not to know", async () => {
        const signal = new AbortController().signal;
        const known = await app.answering.ask(
          tenant.id,
          "Within how many days can I return an item?",
          () => undefined,
          signal,
        );
        if (!known.text.includes("30 days") || known.citations.length === 0)
          throw new Error(`the answer was: ${known.text}`);
        const unknown = await app.answering.ask(
          tenant.id,
          "Who won the football world championship of 1954?",
          () => undefined,
          signal,
        );
        if (unknown.action !== "handed_over") throw new Error(`it claimed to know: ${unknown.text}`);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const lines = steps.map((item) => `ok  ${item.name} (${item.ms} ms)`);
    print(
      context,
      { ok: true, version, steps },
      [...lines, `self-test of MetaChat ${version} passed`].join("\n"),
    );
    return exitCodes.done;
  },
};
