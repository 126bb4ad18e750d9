/** The queue of files on their way to the server: pure, see `uploads.ts` for the sending. */
export const AT_ONCE = 3;
export const MAX_BYTES = 50 * 1024 * 1024;

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

export type UploadChange =
  | { readonly type: "add"; readonly uploads: readonly Pick<Upload, "key" | "name" | "bytes">[] }
  | { readonly type: "start"; readonly key: string }
  | { readonly type: "progress"; readonly key: string; readonly share: number }
  | { readonly type: "known"; readonly key: string; readonly title: string }
  | { readonly type: "fail"; readonly key: string; readonly error: string; readonly again: boolean }
  | { readonly type: "retry"; readonly key: string }
  | { readonly type: "remove"; readonly key: string };

function added({ key, name, bytes }: Pick<Upload, "key" | "name" | "bytes">): Upload {
  const fresh = { key, name, bytes, progress: 0 };
  if (bytes > MAX_BYTES) return { ...fresh, state: "failed", error: "This file is larger than 50 MB." };
  if (bytes === 0) return { ...fresh, state: "failed", error: "This file is empty." };
  return { ...fresh, state: "waiting" };
}

export function changeUploads(uploads: readonly Upload[], change: UploadChange): readonly Upload[] {
  if (change.type === "add") return [...uploads, ...change.uploads.map(added)];
  if (change.type === "remove") return uploads.filter((upload) => upload.key !== change.key);
  return uploads.map((upload) => (upload.key === change.key ? changed(upload, change) : upload));
}

function changed(upload: Upload, change: Exclude<UploadChange, { type: "add" | "remove" }>): Upload {
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
    case "retry":
      return added(upload);
  }
}

/** The files to start now so that never more than `AT_ONCE` are on their way. */
export function startable(uploads: readonly Upload[]): readonly Upload[] {
  const sending = uploads.filter((upload) => upload.state === "sending").length;
  return uploads.filter((upload) => upload.state === "waiting").slice(0, Math.max(0, AT_ONCE - sending));
}
