import { useState } from "react";
import { useAddDocument } from "../../api/adding.ts";
import { AreaField, TextField } from "../../ui/field.tsx";
import { type AddFormProps, Form } from "./form.tsx";

export function TextForm({ onDone }: AddFormProps) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const add = useAddDocument();
  return (
    <Form
      submit="Add text"
      failure="The text was not added"
      busy={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate({ title: title.trim(), text }, { onSuccess: onDone })}
      onCancel={onDone}
    >
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
        hint="Good for opening hours, a policy, or anything that stands in no file."
        required
        rows={9}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Form>
  );
}
