import { useState } from "react";
import { useAddDocument } from "../../api/adding.ts";
import { TextField } from "../../ui/field.tsx";
import { type AddFormProps, Form } from "./form.tsx";
import { webAddress } from "./web-address.ts";

/** One page of any web site. */
export function PageForm({ onDone }: AddFormProps) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const add = useAddDocument();
  const submit = () => {
    const url = webAddress(text);
    setWrong(url === undefined);
    if (url !== undefined) add.mutate({ url }, { onSuccess: ({ known }) => known || onDone() });
  };
  return (
    <Form
      submit="Add page"
      failure="The page was not added"
      busy={add.isPending}
      error={add.error}
      added={add.data}
      already="This page is in your documents already. It is read again:"
      onSubmit={submit}
      onCancel={onDone}
    >
      <TextField
        label="Address of the page"
        hint="The text of this one page is read. For all pages of a site, choose “Web site”."
        error={wrong ? "This is not a web address. Copy it from the browser: https://…" : undefined}
        placeholder="https://shop.example/delivery"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Form>
  );
}
