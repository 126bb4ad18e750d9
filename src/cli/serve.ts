/** `metachat serve` */
import type { App } from "../app.ts";
import { describeError } from "../errors.ts";
import { removeUnfinishedUploads, type Span } from "../knowledge/unfinished-uploads.ts";
import { startServer } from "../server.ts";
import { AnnouncedAddress, killedServerStart } from "../tenants/data-folder.ts";
import { version } from "../version.ts";
import { type Command, exitCodes, print } from "./command.ts";
import { openApp } from "./open-app.ts";

const graceMs = 5_000;

/** Resolves at the first SIGTERM or SIGINT; the second ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const handle = (signal: NodeJS.Signals) => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on("SIGTERM", handle);
    process.on("SIGINT", handle);
  });
}

function reachable(url: string, host: string, port: number): string[] {
  if (!["127.0.0.1", "localhost", "::1"].includes(host)) return [];
  return [
    "  elsewhere  this address answers only on this machine. From another one:",
    `             ssh -N -L ${port}:${new URL(url).host} user@this-server   or start with --host 0.0.0.0`,
  ];
}

function firstLines(
  app: App,
  url: string,
  port: number,
  model: string | null,
  setupLink: string | null,
): string {
  const answers =
    model === null
      ? "built-in (quotes from your documents; no language model found)"
      : `Ollama model ${model}`;
  return [
    `MetaChat ${version}`,
    `  address    ${url}`,
    `  data       ${app.config.data}`,
    `  answers    ${answers}`,
    ...(setupLink === null
      ? []
      : [
          `  set up     ${setupLink}`,
          "             open this link within 30 minutes to make the first account",
        ]),
    ...reachable(url, app.config.host, port),
  ].join("\n");
}

/**
 * A line that cannot be written, to a full disk or to a reader that is gone, is lost, and nothing else is: as an
 * uncaught fault it would be logged, which fails, which is a fault.
 */
function loseUnwrittenLines(): void {
  for (const stream of [process.stderr, process.stdout]) stream.on("error", () => undefined);
}

/** Why a background fault is no reason to end: it is recorded, and readiness shows what is down. */
function recordFaults(app: App): void {
  process.on("unhandledRejection", (error) =>
    app.log.error("unhandled rejection", { error: describeError(error) }),
  );
  process.on("uncaughtException", (error) =>
    app.log.error("uncaught exception", { error: describeError(error) }),
  );
}

async function removeUnfinished(app: App, span: Span): Promise<void> {
  for (const { id } of app.tenants.list())
    await removeUnfinishedUploads(app, id, span).catch((error: unknown) =>
      app.log.warn("files of unfinished uploads stay", { tenantId: id, error: describeError(error) }),
    );
}

export const serve: Command = {
  name: "serve",
  usage: "",
  summary: "Start the server",
  examples: ["metachat serve --port 3210 --data ./data"],
  async run(context) {
    const stopped = stopSignal();
    loseUnwrittenLines();
    await using app = await openApp(context, { exclusive: true });
    recordFaults(app);
    // Before this server takes anything in, and notes its own start.
    const killedAt = killedServerStart(app.config.data);
    const startedAt = Date.now();
    await using server = startServer(app);
    app.queue.start();
    const local = server.url.replace("://0.0.0.0", "://127.0.0.1").replace("://[::]", "://127.0.0.1");
    using _address = new AnnouncedAddress(app.config.data, local);
    if (killedAt !== null) void removeUnfinished(app, { from: killedAt, to: startedAt });
    const host = app.config.publicUrl ?? local;
    const setupLink = app.accounts.hasOperator()
      ? null
      : `${host}/setup?token=${app.accounts.createSetupToken()}`;
    // Ready before the look for a model: that may take as long as a time-out.
    const looking = app.models.start();
    const model = await Promise.race([looking, Bun.sleep(250).then(() => null)]);
    const text = firstLines(app, server.url, server.port, model, setupLink);
    print(context, { url: server.url, data: app.config.data, model, setupLink, version }, text);
    const signal = await stopped;
    app.log.info("stopping", { signal });
    await server[Symbol.asyncDispose]();
    await app.queue.stop(graceMs);
    app.log.info("stopped");
    return exitCodes.done;
  },
};
