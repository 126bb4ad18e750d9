/** The queue of files on their way to the server: pure, see `uploads.ts` for the sending. */
import { sizeLimit } from "../ui/time.ts";

export const AT_ONCE = 3;

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  /** `known`: the same content was there already. */
  readonly state: "waiting" | "sending" | "known" | "failed";
  /** 0..1 of the bytes sent */
  readonly progress: number;
  readonly error?: string;
  /** Sending the same file again may help: the server was not reached, busy or failing. */
  readonly again?: boolean;
}

export interface UploadQueue {
  /** Files that are not there yet, or about which there is something to say. */
  readonly uploads: readonly Upload[];
  /** Files that arrived since the queue was last empty. */
  readonly added: number;
}

export const NO_UPLOADS: UploadQueue = { uploads: [], added: 0 };

type NewUpload = Pick<Upload, "key" | "name" | "bytes">;

export type UploadChange =
  | { readonly type: "add"; readonly uploads: readonly NewUpload[]; readonly maxBytes: number }
  | { readonly type: "start"; readonly key: string }
  | { readonly type: "progress"; readonly key: string; readonly share: number }
  | { readonly type: "arrive"; readonly key: string }
  | { readonly type: "known"; readonly key: string; readonly title: string }
  | { readonly type: "fail"; readonly key: string; readonly error: string; readonly again: boolean }
  | { readonly type: "retry"; readonly keys: readonly string[] }
  | { readonly type: "remove"; readonly keys: readonly string[] };

function fresh({ key, name, bytes }: NewUpload, maxBytes: number): Upload {
  const upload = waiting({ key, name, bytes });
  if (bytes > maxBytes)
    return { ...upload, state: "failed", error: `This file is larger than ${sizeLimit(maxBytes)}.` };
  if (bytes === 0) return { ...upload, state: "failed", error: "This file is empty." };
  return upload;
}

function waiting({ key, name, bytes }: NewUpload): Upload {
  return { key, name, bytes, progress: 0, state: "waiting" };
}

export function changeUploads(queue: UploadQueue, change: UploadChange): UploadQueue {
  const { uploads, added } = queue;
  switch (change.type) {
    case "add": {
      const kept = isBusy(queue) ? queue : { uploads: uploads.filter(needsAttention), added: 0 };
      return {
        ...kept,
        uploads: [...kept.uploads, ...change.uploads.map((upload) => fresh(upload, change.maxBytes))],
      };
    }
    case "arrive":
      return { uploads: uploads.filter((upload) => upload.key !== change.key), added: added + 1 };
    case "remove": {
      const gone = new Set(change.keys);
      return { uploads: uploads.filter((upload) => !gone.has(upload.key)), added };
    }
    case "retry": {
      const again = new Set(change.keys);
      const wait = (upload: Upload): Upload => (again.has(upload.key) ? waiting(upload) : upload);
      return { uploads: uploads.map(wait), added };
    }
    default:
      return {
        uploads: uploads.map((upload) => (upload.key === change.key ? changed(upload, change) : upload)),
        added,
      };
  }
}

type StateChange = Extract<UploadChange, { type: "start" | "progress" | "known" | "fail" }>;

function changed(upload: Upload, change: StateChange): Upload {
  const { error: _error, again: _again, ...rest } = upload;
  switch (change.type) {
    case "start":
      return { ...rest, state: "sending", progress: 0 };
    case "progress":
      return { ...rest, progress: Math.min(1, Math.max(rest.progress, change.share)) };
    case "known":
      return { ...rest, state: "known", name: change.title };
    case "fail":
      return { ...rest, state: "failed", error: change.error, again: change.again };
  }
}

const needsAttention = ({ state }: Upload) => state === "failed";
const isMoving = ({ state }: Upload) => state === "waiting" || state === "sending";

export function isBusy({ uploads }: UploadQueue): boolean {
  return uploads.some(isMoving);
}

/** The files to start now so that never more than `AT_ONCE` are on their way. */
export function startable({ uploads }: UploadQueue): readonly Upload[] {
  const sending = uploads.filter((upload) => upload.state === "sending").length;
  return uploads.filter((upload) => upload.state === "waiting").slice(0, Math.max(0, AT_ONCE - sending));
}

export interface UploadCounts {
  readonly total: number;
  readonly added: number;
  readonly known: number;
  readonly failed: number;
  readonly moving: number;
  /** 0..1 of the files, those on their way by their bytes */
  readonly progress: number;
}

export function countUploads({ uploads, added }: UploadQueue): UploadCounts {
  const count = (state: Upload["state"]) => uploads.filter((upload) => upload.state === state).length;
  const sending = uploads.filter((upload) => upload.state === "sending");
  const total = uploads.length + added;
  const known = count("known");
  const failed = count("failed");
  const part = sending.reduce((sum, upload) => sum + upload.progress, 0);
  return {
    total,
    added,
    known,
    failed,
    moving: sending.length + count("waiting"),
    progress: total === 0 ? 1 : (added + known + failed + part) / total,
  };
}
