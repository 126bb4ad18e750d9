import { FileUp, Globe, Link2, MessageCircleQuestion, Type } from "lucide-react";
import { Tabs } from "radix-ui";
import type { ComponentType, ReactNode } from "react";
import { Modal } from "../../ui/dialog.tsx";
import { FilesForm } from "./files-form.tsx";
import { PageForm } from "./page-form.tsx";
import { QuestionForm } from "./question-form.tsx";
import { SiteForm } from "./site-form.tsx";
import { TextForm } from "./text-form.tsx";

export type AddKind = "files" | "text" | "question" | "page" | "site";

interface Choice {
  readonly kind: AddKind;
  readonly label: string;
  readonly icon: ComponentType<{ size?: number; "aria-hidden"?: "true" }>;
  readonly form: (onDone: () => void) => ReactNode;
}

const CHOICES: readonly Choice[] = [
  { kind: "files", label: "Files", icon: FileUp, form: (onDone) => <FilesForm onDone={onDone} /> },
  { kind: "text", label: "Text", icon: Type, form: (onDone) => <TextForm onDone={onDone} /> },
  {
    kind: "question",
    label: "Question and answer",
    icon: MessageCircleQuestion,
    form: (onDone) => <QuestionForm onDone={onDone} />,
  },
  { kind: "page", label: "Web page", icon: Link2, form: (onDone) => <PageForm onDone={onDone} /> },
  { kind: "site", label: "Web site", icon: Globe, form: (onDone) => <SiteForm onDone={onDone} /> },
];

interface AddDialogProps {
  readonly kind: AddKind;
  readonly onKind: (kind: AddKind) => void;
  readonly onClose: () => void;
}

/** Everything that can be added, one form each; what was typed stays when another one is looked at. */
export function AddDialog({ kind, onKind, onClose }: AddDialogProps) {
  const choose = (value: string) => {
    const found = CHOICES.find((choice) => choice.kind === value);
    if (found !== undefined) onKind(found.kind);
  };
  return (
    <Modal open wide steady onOpenChange={(open) => !open && onClose()} title="Add to the knowledge">
      <Tabs.Root value={kind} onValueChange={choose}>
        <Tabs.List aria-label="What to add" className="mb-5 flex flex-wrap gap-1.5">
          {CHOICES.map(({ kind: value, label, icon: Icon }) => (
            <Tabs.Trigger
              key={value}
              value={value}
              className="flex h-8 items-center gap-1.5 rounded-control border border-line px-2.5 text-sm font-medium text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:bg-accent-soft data-[state=active]:text-accent-text max-sm:h-10"
            >
              <Icon size={14} aria-hidden="true" />
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {CHOICES.map(({ kind: value, form }) => (
          <Tabs.Content
            key={value}
            value={value}
            forceMount
            tabIndex={-1}
            className="outline-none data-[state=inactive]:hidden"
          >
            {form(onClose)}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Modal>
  );
}
