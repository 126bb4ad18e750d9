import type { FormEvent, ReactNode } from "react";
import type { Added } from "../../api/adding.ts";
import { Link } from "../../router/link.tsx";
import { documentPath } from "../../router/routes.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";

export interface AddFormProps {
  readonly onDone: () => void;
}

interface FormProps {
  /** What the button does: "Add text". */
  readonly submit: string;
  /** What is said when it did not work. */
  readonly failure: string;
  readonly busy: boolean;
  readonly error: Error | null;
  /** What the server made of it; something that was there already is worth a word. */
  readonly added?: Added | undefined;
  /** Said of it: "This page is there already." */
  readonly already?: string;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** Of fields that stand in a form of their own: what they add is for whoever shows them. */
export type FieldsProps = Omit<FormProps, "onSubmit" | "children">;

/** The fields of something to add, what went wrong, and the two ways out. */
export function Form({
  submit,
  failure,
  busy,
  error,
  added,
  already,
  onSubmit,
  onCancel,
  children,
}: FormProps) {
  const isKnown = added?.known === true && !busy;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form onSubmit={send} className="grid grid-cols-1 gap-4">
      {children}
      {error && <ErrorNotice compact title={failure} error={error} />}
      <p role="status" className={isKnown ? "text-sm" : "sr-only"}>
        {isKnown && (
          <>
            {already}{" "}
            {added?.document && (
              <Link
                href={documentPath(added.document.id)}
                className="text-accent-text underline underline-offset-2"
              >
                {added.document.title}
              </Link>
            )}
          </>
        )}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={busy} onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
