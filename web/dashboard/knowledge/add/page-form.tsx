import { useAddDocument } from "../../api/adding.ts";
import { AddressField, useAddress } from "./address-field.tsx";
import { type AddFormProps, Form } from "./form.tsx";

/** One page of any web site. */
export function PageForm({ onDone }: AddFormProps) {
  const address = useAddress();
  const add = useAddDocument();
  const submit = () => {
    const url = address.check();
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
      <AddressField
        label="Address of the page"
        hint="The text of this one page is read. For all pages of a site, choose “Web site”."
        placeholder="https://shop.example/delivery"
        address={address}
      />
    </Form>
  );
}
