import { useSyncExternalStore } from "react";
import { ApiError } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { uploadFile } from "../api/upload.ts";
import { describeError } from "../ui/notice.tsx";
import { changeUploads, startable, type Upload, type UploadChange } from "./upload-state.ts";

/**
 * Uploads live outside the page, so that looking at another page does not stop them. `files` and `stops` hold what
 * belongs to an upload but is not shown.
 */
const listeners = new Set<() => void>();
const files = new Map<string, File>();
const stops = new Map<string, AbortController>();
let uploads: readonly Upload[] = [];

function change(next: UploadChange): void {
  uploads = changeUploads(uploads, next);
  for (const listener of listeners) listener();
}

function pump(): void {
  for (const { key } of startable(uploads)) {
    change({ type: "start", key });
    void sendOne(key);
  }
}

async function sendOne(key: string): Promise<void> {
  const file = files.get(key);
  if (file === undefined) return;
  const stop = new AbortController();
  stops.set(key, stop);
  try {
    const result = await uploadFile(file, (share) => change({ type: "progress", key, share }), stop.signal);
    await queryClient.invalidateQueries({ queryKey: ["documents"] });
    if (result.known) change({ type: "known", key, title: result.document?.title ?? file.name });
    else dismissUpload(key);
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
  const added = chosen.map((file) => ({ key: crypto.randomUUID(), name: file.name, bytes: file.size, file }));
  for (const { key, file } of added) files.set(key, file);
  change({ type: "add", uploads: added });
  pump();
}

export function retryUpload(key: string): void {
  change({ type: "retry", key });
  pump();
}

/** Takes an upload out of the list; one that is on its way is stopped. */
export function dismissUpload(key: string): void {
  stops.get(key)?.abort();
  files.delete(key);
  change({ type: "remove", key });
}

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
}
