import { type FormEvent, useState } from "react";
import { useApiKeys, useCreateApiKey, useDeleteApiKey } from "../api/settings.ts";
import type { ApiKeyBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { CopyBlock } from "../ui/copy.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Field, INPUT } from "../ui/field.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { Card } from "../ui/page.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { Section } from "./section.tsx";

export function ApiKeysSection() {
  const keys = useApiKeys();
  const [deleting, setDeleting] = useState<ApiKeyBody>();
  return (
    <Section
      id="api-keys"
      title="API keys"
      intro={
        <>
          For other programs that ask questions or add documents. What they can do is described{" "}
          <a href="/docs" className="text-accent-text underline underline-offset-2">
            on this page
          </a>
          .
        </>
      }
    >
      <div className="grid gap-4">
        <CreateKey />
        <QueryView query={keys} failure="The keys could not be loaded" skeleton={<SkeletonRows />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="text-sm text-muted">No key yet.</p>
            ) : (
              <Card>
                <ul className="divide-y divide-line">
                  {items.map((key) => (
                    <KeyRow key={key.id} apiKey={key} onDelete={() => setDeleting(key)} />
                  ))}
                </ul>
              </Card>
            )
          }
        </QueryView>
      </div>
      {deleting && <DeleteKey apiKey={deleting} onClose={() => setDeleting(undefined)} />}
    </Section>
  );
}

function CreateKey() {
  const [name, setName] = useState("");
  const create = useCreateApiKey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending || name.trim() === "") return;
    create.mutate(name.trim(), { onSuccess: () => setName("") });
  };
  return (
    <>
      <form onSubmit={submit}>
        <Field label="New key" hint="Name it after the program that will use it.">
          {(control) => (
            <div className="flex gap-2">
              <input
                {...control}
                required
                maxLength={100}
                placeholder="Web shop"
                value={name}
                onChange={(event) => setName(event.target.value)}
                className={`${INPUT} h-8 max-sm:h-10`}
              />
              <Button type="submit" busy={create.isPending} disabled={name.trim() === ""}>
                Create key
              </Button>
            </div>
          )}
        </Field>
      </form>
      {create.error && <ErrorNotice compact title="No key was created" error={create.error} />}
      {create.data && (
        <div
          role="status"
          className="fade-in grid gap-2 rounded-card border border-line bg-sure-soft p-3 text-sm"
        >
          <p>
            <strong className="font-semibold">Copy the key of “{create.data.name}” now.</strong> It is shown
            only this once.
          </p>
          <CopyBlock text={create.data.key} label="Copy key" />
          <div>
            <Button size="small" onClick={() => create.reset()}>
              I have copied it
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

function KeyRow({ apiKey, onDelete }: { readonly apiKey: ApiKeyBody; readonly onDelete: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium break-words">{apiKey.name}</p>
        <p className="font-mono text-xs break-all text-muted">{apiKey.prefix}…</p>
      </div>
      <p className="text-xs text-muted">
        {apiKey.lastUsedAt === null ? (
          "never used"
        ) : (
          <>
            used <TimeAgo at={apiKey.lastUsedAt} />
          </>
        )}
      </p>
      <Button size="small" aria-label={`Delete the key ${apiKey.name}`} onClick={onDelete}>
        Delete…
      </Button>
    </li>
  );
}

function DeleteKey({ apiKey, onClose }: { readonly apiKey: ApiKeyBody; readonly onClose: () => void }) {
  const remove = useDeleteApiKey();
  return (
    <Confirm
      open
      title={`Delete the key “${apiKey.name}”?`}
      confirm="Delete key"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(apiKey.id, { onSuccess: onClose })}
      onCancel={onClose}
    >
      Programs that use it are refused at once. The key cannot be brought back.
    </Confirm>
  );
}
