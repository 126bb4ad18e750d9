import { useSyncExternalStore } from "react";
import { ApiError } from "../api/client.ts";
import { refreshDocuments } from "../api/documents.ts";
import { maxUploadBytes } from "../api/session.ts";
import { NEW_DOCUMENT, uploadFile } from "../api/upload.ts";
import { describeError } from "../ui/notice.tsx";
import {
  changeUploads,
  isBusy,
  NO_UPLOADS,
  startable,
  type UploadChange,
  type UploadQueue,
} from "./upload-state.ts";

/**
 * Uploads live outside the page, so that looking at another page does not stop them. `files` and `stops` hold what
 * belongs to an upload but is not shown.
 */
const listeners = new Set<() => void>();
const files = new Map<string, File>();
const stops = new Map<string, AbortController>();
let queue: UploadQueue = NO_UPLOADS;

/** The page is told a few times a second, however many files are on their way. */
const TOLD_MS = 120;
const REFRESH_MS = 1_500;
let telling: ReturnType<typeof setTimeout> | undefined;
let refreshing: ReturnType<typeof setTimeout> | undefined;

function change(next: UploadChange): void {
  queue = changeUploads(queue, next);
  if (telling !== undefined) return;
  telling = setTimeout(() => {
    telling = undefined;
    guardLeaving(isBusy(queue));
    for (const listener of listeners) listener();
  }, TOLD_MS);
}

/** One look at the list for all the files that arrived meanwhile; at once for the last one. */
function refreshSoon(): void {
  if (!isBusy(queue)) {
    clearTimeout(refreshing);
    refreshing = undefined;
    void refreshDocuments();
    return;
  }
  if (refreshing !== undefined) return;
  refreshing = setTimeout(() => {
    refreshing = undefined;
    void refreshDocuments();
  }, REFRESH_MS);
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Closing the window would lose the files that were not sent yet. */
function guardLeaving(busy: boolean): void {
  if (busy) window.addEventListener("beforeunload", warn);
  else window.removeEventListener("beforeunload", warn);
}

function pump(): void {
  for (const { key } of startable(queue)) {
    change({ type: "start", key });
    void sendOne(key);
  }
}

async function sendOne(key: string): Promise<void> {
  const file = files.get(key);
  if (file === undefined) return;
  const stop = new AbortController();
  stops.set(key, stop);
  const progress = (share: number) => change({ type: "progress", key, share });
  try {
    const result = await uploadFile(file, NEW_DOCUMENT, progress, stop.signal);
    files.delete(key);
    if (result.known) change({ type: "known", key, title: result.document?.title ?? file.name });
    else change({ type: "arrive", key });
    refreshSoon();
  } catch (error) {
    if (!stop.signal.aborted)
      change({ type: "fail", key, error: describeError(error), again: mayHelpAgain(error) });
  } finally {
    stops.delete(key);
    pump();
  }
}

function mayHelpAgain(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;
}

export function addFiles(chosen: readonly File[]): void {
  if (chosen.length === 0) return;
  const added = chosen.map((file) => ({ key: crypto.randomUUID(), name: file.name, bytes: file.size, file }));
  for (const { key, file } of added) files.set(key, file);
  const uploads = added.map(({ file: _file, ...upload }) => upload);
  change({ type: "add", uploads, maxBytes: maxUploadBytes() });
  pump();
}

export function retryUploads(keys: readonly string[]): void {
  change({ type: "retry", keys });
  pump();
}

/** Takes uploads out of the list; those that are on their way are stopped. */
export function dismissUploads(keys: readonly string[]): void {
  change({ type: "remove", keys });
  for (const key of keys) {
    stops.get(key)?.abort();
    files.delete(key);
  }
}

/** Forgets all that ended. */
export function clearUploads(): void {
  for (const { key } of queue.uploads) files.delete(key);
  queue = NO_UPLOADS;
  change({ type: "remove", keys: [] });
}

export function useUploads(): UploadQueue {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => queue,
  );
}
