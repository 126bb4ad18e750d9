import type { ReactNode } from "react";
import type { DocumentBody } from "../api/types.ts";
import { fileSize } from "../ui/time.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { kindOf, languageName, sourceOf } from "./words.ts";

/** What the document is, in a short list. */
export function DocumentFacts({ document }: { readonly document: DocumentBody }) {
  const { language, url, version, createdAt, updatedAt } = document;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
      <Fact name="Kind">{kindOf(document)}</Fact>
      <Fact name="Came from">{sourceOf(document)}</Fact>
      {url && (
        <Fact name="Address">
          <a
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            className="break-all text-accent-text underline"
          >
            {url}
          </a>
        </Fact>
      )}
      {language && <Fact name="Language">{languageName(language)}</Fact>}
      <Fact name="Size">{fileSize(document.bytes)}</Fact>
      <Fact name="Version">{version}</Fact>
      <Fact name="Added">
        <TimeAgo at={createdAt} />
      </Fact>
      {updatedAt !== createdAt && (
        <Fact name="Changed">
          <TimeAgo at={updatedAt} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 text-right tabular-nums">{children}</dd>
    </>
  );
}
