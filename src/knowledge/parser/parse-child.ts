import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isDiskFull } from "../../errors.ts";
import { loadDocument, unexpected } from "../loaders/index.ts";
import { LoadError, storageFullMessage } from "../loaders/loader.ts";
import { Nesting } from "../loaders/nesting.ts";
import { Recogniser } from "../ocr/recogniser.ts";
import { Recognition } from "../ocr/recognition.ts";
import { inspectWeb } from "../web/inspect.ts";
import { forbidNetwork } from "./network-guard.ts";
import { type ParseReply, type ParseRequest, parseRequest } from "./parse-protocol.ts";

/**
 * The main of the parsing child (`<executable> parse-worker`): answers one request after another over Bun's IPC
 * and ends with its parent. It is started with nothing of the server's environment and holds no secret; everything a hostile
 * file can reach is this process.
 */
export async function runParseChild(): Promise<never> {
  forbidNetwork();
  await volunteerForTheOomKiller();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let last: Promise<void> = Promise.resolve();
  process.on("message", (message: unknown) => {
    last = last.then(() => answer(message));
  });
  process.on("disconnect", end);
  await ended;
  process.exit(0);
}

async function answer(message: unknown): Promise<void> {
  const request = parseRequest.safeParse(message);
  if (request.success) process.send?.(await handle(request.data));
}

async function handle(request: ParseRequest): Promise<ParseReply> {
  try {
    const { path, fileName, web, ocr } = request;
    const bytes = await readFile(path);
    const recognition = typeof ocr === "string" ? ocr : new Recognition(recogniserOf(ocr.model));
    const nesting = Nesting.outermost(loadDocument, recognition);
    const result =
      web === undefined ? await loadDocument(bytes, fileName, nesting) : inspectWeb(bytes, fileName, web);
    const json = JSON.stringify(result);
    const resultBytes = Buffer.byteLength(json);
    if (resultBytes > request.maxResultBytes) throw tooMuchText();
    await writeWhole(json, request.resultPath);
    return { id: request.id, ok: true, resultBytes };
  } catch (error) {
    const { code, message } = readable(error);
    return { id: request.id, ok: false, code, message };
  }
}

let recogniser: Recogniser | undefined;

/** The same for all files of this child: loading it takes a moment. */
function recogniserOf(model: string): Recogniser {
  if (recogniser?.model !== model) recogniser = new Recogniser(model);
  return recogniser;
}

/** Under its name only when all of it is there; nothing is left when the disk is full. */
async function writeWhole(json: string, path: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await writeFile(partial, json, { mode: 0o600 });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function readable(error: unknown): LoadError {
  if (error instanceof LoadError) return error;
  return isDiskFull(error) ? new LoadError("storage_full", storageFullMessage) : unexpected(error);
}

function tooMuchText(): LoadError {
  return new LoadError(
    "too_large_inside",
    "This file holds more text than can be read at once. Split it into several smaller files and upload those.",
  );
}

/** When memory runs out, the kernel should end this process and not the server. Linux only; elsewhere nothing. */
async function volunteerForTheOomKiller(): Promise<void> {
  try {
    await writeFile("/proc/self/oom_score_adj", "800");
  } catch {
    // No /proc here: the parent's own memory limit still holds.
  }
}
