import { useState } from "react";
import { useAddSource } from "../../api/sources.ts";
import type { SourceBody } from "../../api/types.ts";
import { navigate } from "../../router/history.ts";
import { knowledgePath } from "../../router/routes.ts";
import { SelectField } from "../../ui/field.tsx";
import { NEW_SITE, settingsOf } from "../sites/site-draft.ts";
import { SiteFields } from "../sites/site-fields.tsx";
import { AddressField, useAddress } from "./address-field.tsx";
import { type AddFormProps, Form } from "./form.tsx";

/** A whole site; its pages are listed under “Web sites” while they are read. */
export function SiteForm({ onDone }: AddFormProps) {
  const address = useAddress();
  const [kind, setKind] = useState<SourceBody["kind"]>("site");
  const [draft, setDraft] = useState(NEW_SITE);
  const add = useAddSource();
  const submit = () => {
    const url = address.check();
    if (url === undefined) return;
    const onSuccess = () => {
      onDone();
      navigate(knowledgePath("sites"));
    };
    add.mutate({ url, kind, ...settingsOf(draft) }, { onSuccess });
  };
  return (
    <Form
      submit="Read this site"
      failure="The site was not added"
      busy={add.isPending}
      error={add.error}
      onSubmit={submit}
      onCancel={onDone}
    >
      <AddressField
        label="Address of the site"
        hint="Pages of this site only, and only those that it allows to be read."
        placeholder="https://shop.example"
        address={address}
      />
      <SelectField
        label="What the address is"
        value={kind}
        onChange={(event) => setKind(event.target.value === "sitemap" ? "sitemap" : "site")}
      >
        <option value="site">The first page of the site</option>
        <option value="sitemap">A list of its pages (sitemap.xml)</option>
      </SelectField>
      <SiteFields draft={draft} onChange={setDraft} />
    </Form>
  );
}
