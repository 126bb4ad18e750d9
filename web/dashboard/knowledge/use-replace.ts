import { useEffect, useRef, useState } from "react";
import { refreshDocuments } from "../api/documents.ts";
import { newVersionOf, uploadFile } from "../api/upload.ts";

export type Sending =
  | { readonly state: "idle" }
  | { readonly state: "sending"; readonly name: string; readonly share: number }
  | { readonly state: "failed"; readonly file: File; readonly error: unknown };

/** Sends a file as a document's new version; stopped when the page is left. */
export function useReplace(documentId: string) {
  const stop = useRef<AbortController>(undefined);
  const [sending, setSending] = useState<Sending>({ state: "idle" });
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (file: File) => {
    const own = new AbortController();
    stop.current = own;
    setSending({ state: "sending", name: file.name, share: 0 });
    try {
      const progress = (share: number) => setSending({ state: "sending", name: file.name, share });
      await uploadFile(file, newVersionOf(documentId), progress, own.signal);
      setSending({ state: "idle" });
      await refreshDocuments();
    } catch (error) {
      setSending(own.signal.aborted ? { state: "idle" } : { state: "failed", file, error });
    }
  };
  return { sending, start, stop: () => stop.current?.abort() };
}
