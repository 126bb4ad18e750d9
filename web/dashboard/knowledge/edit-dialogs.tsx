import { useOriginalText, useReplaceDocument } from "../api/document.ts";
import type { DocumentBody, QuestionAnswer } from "../api/types.ts";
import { Modal } from "../ui/dialog.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { QuestionFields } from "./add/question-form.tsx";
import { TextFields } from "./add/text-form.tsx";

interface EditProps {
  readonly document: DocumentBody;
  readonly onClose: () => void;
}

/** A pasted text, to be changed as it was pasted. */
export function EditTextDialog({ document, onClose }: EditProps) {
  const original = useOriginalText(document.id);
  const replace = useReplaceDocument(document.id);
  return (
    <EditModal
      title="Edit the text"
      intro="What is there now is used until the new text is ready."
      busy={replace.isPending}
      onClose={onClose}
    >
      <QueryView query={original} failure="The text could not be loaded" skeleton={<SkeletonRows />}>
        {(text) => (
          <TextFields
            text={{ title: document.title, text }}
            submit="Save"
            failure="The text was not changed"
            busy={replace.isPending}
            error={replace.error}
            onSend={(body) => replace.mutate(body, { onSuccess: onClose })}
            onCancel={onClose}
          />
        )}
      </QueryView>
    </EditModal>
  );
}

export function EditPairDialog({ document, pair, onClose }: EditProps & { readonly pair: QuestionAnswer }) {
  const replace = useReplaceDocument(document.id);
  return (
    <EditModal
      title="Edit question and answer"
      intro="The new answer is given from the moment it is saved."
      busy={replace.isPending}
      onClose={onClose}
    >
      <QuestionFields
        pair={pair}
        submit="Save"
        failure="The question and its answer were not changed"
        busy={replace.isPending}
        error={replace.error}
        onSend={(body) => replace.mutate(body, { onSuccess: onClose })}
        onCancel={onClose}
      />
    </EditModal>
  );
}

interface EditModalProps {
  readonly title: string;
  /** Which answers are given meanwhile. */
  readonly intro: string;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}

function EditModal({ title, intro, busy, onClose, children }: EditModalProps) {
  return (
    <Modal open wide steady onOpenChange={(open) => !open && !busy && onClose()} title={title} intro={intro}>
      {children}
    </Modal>
  );
}
