import { useDeleteDocument } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";
import { Confirm } from "../ui/dialog.tsx";
import { countOf } from "./words.ts";

interface DeleteDialogProps {
  readonly document: DocumentBody;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

export function DeleteDialog({ document, onClose, onDeleted = onClose }: DeleteDialogProps) {
  const remove = useDeleteDocument();
  const passages =
    document.chunks === 1 ? "its one passage" : `its ${countOf(document.chunks, "passage", "passages")}`;
  return (
    <Confirm
      open
      title={`Delete “${document.title}”?`}
      confirm="Delete document"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(document, { onSuccess: onDeleted })}
      onCancel={onClose}
    >
      {document.chunks > 0 ? `It and ${passages} are` : "It is"} removed for good. The assistant stops
      answering from it at once; answers already given keep their text.
    </Confirm>
  );
}
