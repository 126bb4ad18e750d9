/** What else than files can be added to the knowledge. */
import { useMutation } from "@tanstack/react-query";
import { send } from "./client.ts";
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

export interface Added {
  readonly document: DocumentBody | undefined;
  /** It was there already. */
  readonly known: boolean;
}

export function useAddDocument() {
  return useMutation({
    mutationFn: async (body: NewText | NewQuestion | NewPage): Promise<Added> => {
      const response = await send("/documents", { method: "POST", body });
      const { items } = (await response.json()) as Created;
      return { document: items[0], known: response.status === 200 };
    },
    onSuccess: refreshDocuments,
  });
}
