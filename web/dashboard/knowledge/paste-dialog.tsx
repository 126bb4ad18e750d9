import { type FormEvent, useState } from "react";
import { useAddText } from "../api/documents.ts";
import { Button } from "../ui/button.tsx";
import { Modal } from "../ui/dialog.tsx";
import { AreaField, TextField } from "../ui/field.tsx";
import { ErrorNotice } from "../ui/notice.tsx";

interface PasteDialogProps {
  readonly onClose: () => void;
}

export function PasteDialog({ onClose }: PasteDialogProps) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const add = useAddText();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate({ title: title.trim(), text }, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      onOpenChange={(open) => !open && !add.isPending && onClose()}
      title="Paste text"
      intro="Good for opening hours, a policy, or an answer you give often."
    >
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Title"
          hint="Visitors see it under answers that quote this text."
          required
          maxLength={300}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <AreaField
          label="Text"
          required
          rows={10}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {add.error && <ErrorNotice compact title="The text was not added" error={add.error} />}
        <div className="flex justify-end gap-2">
          <Button disabled={add.isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" busy={add.isPending}>
            Add text
          </Button>
        </div>
      </form>
    </Modal>
  );
}
