import { API, ApiError, errorFrom, reportSignedOut, requestHeaders, unreachable } from "./client.ts";
import type { DocumentBody } from "./types.ts";

export interface UploadResult {
  readonly document: DocumentBody | undefined;
  /** The same content was there already; nothing was added. */
  readonly known: boolean;
}

export interface UploadTarget {
  readonly method: "POST" | "PUT";
  readonly path: string;
}

export const NEW_DOCUMENT: UploadTarget = { method: "POST", path: "/documents" };

/** A new version in the place of a document. */
export function newVersionOf(id: string): UploadTarget {
  return { method: "PUT", path: `/documents/${id}` };
}

/** New documents come as a list, a new version alone. */
function documentOf(body: string): DocumentBody | undefined {
  try {
    const value = JSON.parse(body) as DocumentBody | { readonly items: readonly DocumentBody[] };
    return "items" in value ? value.items[0] : value;
  } catch {
    // The file arrived; only the answer was damaged on its way back. The list shows the document.
    return undefined;
  }
}

/**
 * Sends one file. `XMLHttpRequest` because `fetch` reports no upload progress.
 * `onProgress` gets 0..1 of the bytes sent.
 */
export function uploadFile(
  file: File,
  target: UploadTarget,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(target.method, API + target.path);
    for (const [name, value] of Object.entries(requestHeaders(target.method)))
      call.setRequestHeader(name, value);
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    call.onload = () => {
      if (call.status !== 200 && call.status !== 201) {
        if (call.status === 401) reportSignedOut();
        reject(errorFrom(call.status, call.responseText));
        return;
      }
      resolve({ document: documentOf(call.responseText), known: call.status === 200 });
    };
    call.onerror = () => reject(unreachable());
    call.onabort = () =>
      reject(new ApiError({ status: 0, code: "aborted", detail: "The upload was stopped.", requestId: "" }));
    signal.addEventListener("abort", () => call.abort(), { once: true });
    const form = new FormData();
    form.append("file", file, file.name);
    call.send(form);
  });
}
