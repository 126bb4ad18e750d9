import { useState } from "react";
import { type NewText, useAddDocument } from "../../api/adding.ts";
import { AreaField, TextField } from "../../ui/field.tsx";
import { type AddFormProps, type FieldsProps, Form } from "./form.tsx";

/** A new text. */
export function TextForm({ onDone }: AddFormProps) {
  const add = useAddDocument();
  return (
    <TextFields
      text={{ title: "", text: "" }}
      submit="Add text"
      failure="The text was not added"
      busy={add.isPending}
      error={add.error}
      added={add.data}
      already="This text is in your documents already:"
      onSend={(body) => add.mutate(body, { onSuccess: ({ known }) => known || onDone() })}
      onCancel={onDone}
    />
  );
}

interface TextFieldsProps extends FieldsProps {
  /** What the fields begin with. */
  readonly text: NewText;
  readonly onSend: (text: NewText) => void;
}

export function TextFields({ text: given, onSend, ...form }: TextFieldsProps) {
  const [title, setTitle] = useState(given.title);
  const [text, setText] = useState(given.text);
  return (
    <Form {...form} onSubmit={() => onSend({ title: title.trim(), text })}>
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
