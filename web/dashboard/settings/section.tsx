import { Check } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly intro: ReactNode;
  readonly children: ReactNode;
}

/** Title and explanation at the left, controls at the right; one below the other on narrow screens. */
export function Section({ id, title, intro, children }: SectionProps) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-4 gap-x-10 gap-y-4 border-t border-line py-8 first:border-0 first:pt-0 lg:grid-cols-[16rem_1fr]"
    >
      <div>
        <h2 id={`${id}-title`} className="text-lg font-semibold">
          {title}
        </h2>
        <div className="mt-1 max-w-md text-sm text-pretty text-muted">{intro}</div>
      </div>
      <div className="min-w-0 max-w-2xl">{children}</div>
    </section>
  );
}

interface SaveFormProps {
  readonly dirty: boolean;
  readonly saving: boolean;
  readonly savedNow: boolean;
  /** What saving does, e.g. "Visitors see this at once." */
  readonly effect?: string;
  readonly error: Error | null;
  readonly onSave: () => void;
  readonly onUndo: () => void;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** A section's form; whether it is saved stands beside its button. */
export function SaveForm(props: SaveFormProps) {
  const { dirty, saving, savedNow, effect = "", error, onSave, onUndo, extra, children } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && !saving) onSave();
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      {children}
      {error && <ErrorNotice compact title="Nothing was saved" error={error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" busy={saving} disabled={!dirty}>
          Save
        </Button>
        {extra}
        {dirty && !saving && (
          <Button look="quiet" onClick={onUndo}>
            Undo changes
          </Button>
        )}
        <span role="status" className="text-sm text-muted">
          {savedNow && (
            <span className="fade-in inline-flex items-center gap-1 text-sure">
              <Check size={14} aria-hidden="true" />
              Saved. {effect}
            </span>
          )}
          {dirty && !saving && "Not saved yet"}
        </span>
      </div>
    </form>
  );
}
