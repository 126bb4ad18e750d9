/** `metachat ask` */
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { App } from "../app.ts";
import { loadProcessConfig } from "../config.ts";
import { getDocument } from "../knowledge/documents.ts";
import { type Command, type CommandContext, exitCodes, optionalText, print, UsageError } from "./command.ts";
import { openApp } from "./open-app.ts";

async function answer(
  context: CommandContext,
  app: App,
  tenantId: string,
  question: string,
): Promise<number> {
  const outcome = await app.answering.ask(tenantId, question, () => undefined, new AbortController().signal);
  const known = outcome.action !== "handed_over";
  const sources = outcome.citations.map(
    (citation) =>
      `[${citation.n}] ${citation.title}${citation.page === undefined ? "" : `, page ${citation.page}`}: "${citation.quote}"`,
  );
  const { text, citations, confidence, action, provider, model } = outcome;
  const shown = known ? text : "I don't know: the documents do not say.";
  const body = [
    shown,
    ...(sources.length === 0 ? [] : ["", ...sources]),
    "",
    `confidence ${confidence.score.toFixed(2)} (${confidence.level})`,
  ];
  print(context, { text, citations, confidence, action, provider, model }, body.join("\n"));
  return known ? exitCodes.done : exitCodes.unknownAnswer;
}

/** Reads files and pages into a tenant of their own, in a folder that is removed afterwards. */
async function askFiles(
  context: CommandContext,
  files: readonly string[],
  pages: readonly string[],
  question: string,
): Promise<number> {
  for (const file of files)
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
    else if (!statSync(file).isFile()) throw new UsageError(`${file} is a folder: name the files in it.`);
  const { config } = loadProcessConfig(context.flags);
  const folder = resolve(config.data, "tmp", `ask-${process.pid}-${Date.now()}`);
  mkdirSync(join(config.data, "native"), { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The native files need not be written a second time.
  symlinkSync(resolve(config.data, "native"), join(folder, "native"));
  try {
    await using app = await openApp(context, {
      exclusive: false,
      logLevel: "error",
      change: (known) => ({ ...known, data: folder }),
    });
    const { tenant } = await app.setup.addTenant("ask");
    app.queue.start();
    await app.models.start();
    for (const file of files) await ingest(context, app, tenant.id, file);
    for (const page of pages) {
      if (!context.json) context.streams.err(`reading ${page} …\n`);
      const { document } = await app.singlePages.add(tenant.id, { url: page });
      await untilRead(app, tenant.id, document.id, page);
    }
    return await answer(context, app, tenant.id, question);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ingest(context: CommandContext, app: App, tenantId: string, file: string): Promise<void> {
  const name = basename(file);
  const upload = {
    source: "upload",
    title: name,
    fileName: name,
    mediaType: "application/octet-stream",
    content: Bun.file(file),
  } as const;
  const { document } = await app.knowledge.add(tenantId, upload);
  if (!context.json) context.streams.err(`reading ${name} …\n`);
  await untilRead(app, tenantId, document.id, name);
}

async function untilRead(app: App, tenantId: string, documentId: string, name: string): Promise<void> {
  for (;;) {
    const { status, errorMessage } = await app.store.read(tenantId, (reader) =>
      getDocument(reader, documentId),
    );
    if (status === "ready") return;
    if (status === "failed") throw new Error(`${name} could not be read: ${errorMessage}`);
    await Bun.sleep(50);
  }
}

function listOf(option: CommandContext["options"][string]): readonly string[] {
  return Array.isArray(option) ? option.map(String) : [];
}

export const ask: Command = {
  name: "ask",
  usage: '[--tenant T | --file F … --url U …] "question"',
  summary:
    "Answer a question from a tenant's documents, or from files and web pages; no server needed. Exit code 3: it does not know",
  options: {
    tenant: {
      type: "string",
      value: "TENANT",
      meaning: "id, slug or name; may be left out when there is only one",
    },
    file: {
      type: "string",
      value: "FILE",
      multiple: true,
      meaning: "a document to answer from; may be given several times",
    },
    url: {
      type: "string",
      value: "URL",
      multiple: true,
      meaning: "a web page to answer from; may be given several times",
    },
  },
  examples: ['metachat ask --file handbook.pdf "How many days of leave do I have?"'],
  async run(context) {
    const question = context.args.join(" ").trim();
    if (question === "") throw new UsageError("Say what to ask, in quotes.");
    const [files, pages] = [listOf(context.options.file), listOf(context.options.url)];
    if (files.length + pages.length > 0) return askFiles(context, files, pages, question);
    await using app = await openApp(context, { exclusive: false, logLevel: "error", mustExist: true });
    const name = optionalText(context, "tenant");
    const tenants = app.tenants.list();
    const found =
      name === undefined ? (tenants.length === 1 ? tenants[0] : undefined) : app.tenants.find(name);
    if (found === undefined)
      throw new UsageError(
        tenants.length === 0
          ? "There are no tenants yet; use --file, or set the server up first."
          : "There are several tenants: say which with --tenant.",
      );
    await app.models.start();
    return await answer(context, app, found.id, question);
  },
};
