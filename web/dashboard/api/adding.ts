/** What else than files can be added to the knowledge. */
import { useMutation } from "@tanstack/react-query";
import { request } from "./client.ts";
import { refreshDocuments } from "./documents.ts";
import type { DocumentBody } from "./types.ts";

export interface NewText {
  readonly title: string;
  readonly text: string;
}
export interface NewQuestion {
  readonly question: string;
  readonly answer: string;
  /** Other ways of asking the same. */
  readonly alternatives?: readonly string[];
}
export interface NewPage {
  readonly url: string;
}
interface Created {
  readonly items: readonly DocumentBody[];
}

export function useAddDocument() {
  return useMutation({
    mutationFn: (body: NewText | NewQuestion | NewPage) =>
      request<Created>("/documents", { method: "POST", body }),
    onSuccess: refreshDocuments,
  });
}
