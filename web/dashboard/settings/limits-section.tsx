import { useSaveSettings } from "../api/settings.ts";
import type { SettingsBody } from "../api/types.ts";
import { TextField } from "../ui/field.tsx";
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
            max={1_000}
            value={value.messagesPerMinute}
            onChange={(messagesPerMinute) => edit({ messagesPerMinute })}
          />
          <NumberField
            label="Messages per visitor and day"
            max={100_000}
            value={value.messagesPerDay}
            onChange={(messagesPerDay) => edit({ messagesPerDay })}
          />
        </div>
      </SaveForm>
    </Section>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, max, value, onChange }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      hint={`1 to ${max.toLocaleString()}`}
      type="number"
      inputMode="numeric"
      min={1}
      max={max}
      step={1}
      required
      // While the field is empty it has no number: 0 stands for that and is shown as nothing.
      value={value === 0 ? "" : value}
      onChange={(event) => onChange(Number(event.target.value))}
      className="tabular-nums"
    />
  );
}
