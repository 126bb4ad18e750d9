import { useState } from "react";
import { useChangeSource } from "../../api/sources.ts";
import type { SourceBody } from "../../api/types.ts";
import { Modal } from "../../ui/dialog.tsx";
import { Form } from "../add/form.tsx";
import { draftOf, settingsOf } from "./site-draft.ts";
import { SiteFields } from "./site-fields.tsx";
import { siteName } from "./site-words.ts";

interface EditSiteProps {
  readonly source: SourceBody;
  readonly onClose: () => void;
}

export function EditSiteDialog({ source, onClose }: EditSiteProps) {
  const [draft, setDraft] = useState(() => draftOf(source));
  const change = useChangeSource(source.id);
  return (
    <Modal
      open
      wide
      onOpenChange={(open) => !open && !change.isPending && onClose()}
      title={`How ${siteName(source.url)} is read`}
      intro="What you change here holds from the next reading on."
    >
      <Form
        submit="Save"
        failure="The changes were not saved"
        busy={change.isPending}
        error={change.error}
        onSubmit={() => change.mutate(settingsOf(draft), { onSuccess: onClose })}
        onCancel={onClose}
      >
        <SiteFields draft={draft} onChange={setDraft} />
      </Form>
    </Modal>
  );
}
