import { readFile, rename, writeFile } from "node:fs/promises";
import { loadDocument, unexpected } from "../loaders/index.ts";
import { LoadError } from "../loaders/loader.ts";
import { forbidNetwork } from "./network-guard.ts";
import { type ParseReply, type ParseRequest, parseRequest } from "./parse-protocol.ts";

/**
 * The main of the parsing child (`<executable> parse-worker`): answers one request after another over Bun's IPC
 * and ends with its parent. It is started with an empty environment and holds no secret; everything a hostile
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
    const document = await loadDocument(await readFile(request.path), request.fileName);
    const json = JSON.stringify(document);
    const resultBytes = Buffer.byteLength(json);
    if (resultBytes > request.maxResultBytes) throw tooMuchText();
    await writeFile(`${request.resultPath}.partial`, json, { mode: 0o600 });
    await rename(`${request.resultPath}.partial`, request.resultPath);
    return { id: request.id, ok: true, resultBytes };
  } catch (error) {
    const { code, message } = error instanceof LoadError ? error : unexpected(error);
    return { id: request.id, ok: false, code, message };
  }
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
