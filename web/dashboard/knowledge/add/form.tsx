import type { FormEvent, ReactNode } from "react";
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
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** The fields of something to add, what went wrong, and the two ways out. */
export function Form({ submit, failure, busy, error, onSubmit, onCancel, children }: FormProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form onSubmit={send} className="grid grid-cols-1 gap-4">
      {children}
      {error && <ErrorNotice compact title={failure} error={error} />}
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
