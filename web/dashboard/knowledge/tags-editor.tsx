import { X } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { useChangeDocument } from "../api/document.ts";
import { useDocumentSummary } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { INPUT } from "../ui/field.tsx";
import { describeError } from "../ui/notice.tsx";
import { MOST_TAGS, withTag } from "./tags.ts";

/** Adds and removes tags; each change is saved at once. */
export function TagsEditor({ document }: { readonly document: DocumentBody }) {
  const id = useId();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const change = useChangeDocument(document.id);
  const { data: summary } = useDocumentSummary();
  const { tags } = document;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = withTag(tags, text);
    setText("");
    if (next !== tags) change.mutate({ tags: next });
  };
  const remove = (tag: string) => {
    change.mutate({ tags: tags.filter((item) => item !== tag) });
    field.current?.focus();
  };
  const known = (summary?.byTag ?? []).filter(({ name }) => !tags.includes(name));
  return (
    <section aria-labelledby={`${id}-title`} className="grid gap-2">
      <h2 id={`${id}-title`} className="text-sm font-medium">
        Tags
      </h2>
      {tags.length > 0 && (
        <ul aria-labelledby={`${id}-title`} className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li
              key={tag}
              className="flex max-w-full items-center rounded-control border border-line bg-raised pl-2 text-sm"
            >
              <span className="min-w-0 py-0.5 break-words">{tag}</span>
              <button
                type="button"
                aria-label={`Remove the tag ${tag}`}
                onClick={() => remove(tag)}
                className="grid size-7 shrink-0 place-items-center text-muted hover:text-ink max-sm:size-9"
              >
                <X size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {tags.length < MOST_TAGS && (
        <form onSubmit={submit} className="flex gap-2">
          <input
            ref={field}
            aria-label="New tag"
            placeholder="New tag, e.g. prices"
            list={`${id}-known`}
            maxLength={50}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={`${INPUT} h-8 min-w-0 flex-1 max-sm:h-10`}
          />
          <datalist id={`${id}-known`}>
            {known.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Button type="submit" disabled={text.trim() === ""}>
            Add tag
          </Button>
        </form>
      )}
      {change.error && (
        <p role="alert" className="text-sm text-failed">
          {describeError(change.error)}
        </p>
      )}
    </section>
  );
}
