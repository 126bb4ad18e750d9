import { useSaveSettings } from "../api/settings.ts";
import type { SettingsBody } from "../api/types.ts";
import { NumberField } from "./number-field.tsx";
import { SaveForm, Section } from "./section.tsx";
import { useSection } from "./use-section.ts";

type Limits = SettingsBody["channels"];

export function LimitsSection({ saved }: { readonly saved: Limits }) {
  const save = useSaveSettings();
  const { value, edit, changes, undo, done, ...state } = useSection("Limits", saved);
  return (
    <Section
      id="limits"
      title="Limits"
      intro="So that one visitor, or a script, cannot keep the assistant busy. Who reaches a limit is told to wait."
    >
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        effect="The limits hold from now on."
        onSave={() => save.mutate({ channels: changes }, { onSuccess: done })}
        onUndo={undo}
      >
        <div className="grid gap-5 sm:grid-cols-2">
          <NumberField
            label="Messages per visitor and minute"
            max={10_000}
            value={value.messagesPerMinute || null}
            // 0 stands for an empty field, which the browser keeps from being saved.
            onChange={(most) => edit({ messagesPerMinute: most ?? 0 })}
          />
          <NumberField
            label="Messages per visitor and day"
            max={1_000_000}
            value={value.messagesPerDay || null}
            // 0 stands for an empty field, which the browser keeps from being saved.
            onChange={(most) => edit({ messagesPerDay: most ?? 0 })}
          />
        </div>
      </SaveForm>
    </Section>
  );
}
