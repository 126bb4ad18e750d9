import { useId, useState } from "react";
import { useDeleteSource } from "../../api/sources.ts";
import type { SourceBody } from "../../api/types.ts";
import { Confirm } from "../../ui/dialog.tsx";
import { siteName } from "./site-words.ts";

interface DeleteSiteProps {
  readonly source: SourceBody;
  readonly onClose: () => void;
}

const CHOICES = [
  {
    value: "delete",
    label: "Delete its pages too",
    hint: "The assistant stops answering from them at once.",
  },
  {
    value: "keep",
    label: "Keep its pages as documents",
    hint: "They stay as they are now, and are not read again by themselves.",
  },
] as const;

/** Asks what is to become of the pages that were read. */
export function DeleteSiteDialog({ source, onClose }: DeleteSiteProps) {
  const name = useId();
  const [documents, setDocuments] = useState<"delete" | "keep">("delete");
  const remove = useDeleteSource(source.id);
  return (
    <Confirm
      open
      title={`Stop reading ${siteName(source.url)}?`}
      confirm={documents === "delete" ? "Delete site and pages" : "Delete site, keep pages"}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(documents, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <fieldset className="grid gap-2">
        <legend className="mb-2">
          The site is taken off the list with its settings. Answers already given keep their text.
        </legend>
        {CHOICES.map(({ value, label, hint }) => (
          <label
            key={value}
            className="flex gap-2.5 rounded-control border border-line p-2.5 has-checked:border-accent"
          >
            <input
              type="radio"
              name={name}
              checked={documents === value}
              onChange={() => setDocuments(value)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="grid gap-0.5">
              <span className="font-medium text-ink">{label}</span>
              <span className="text-sm">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Confirm>
  );
}
