import { useSaveSettings } from "../api/settings.ts";
import type { SettingsBody } from "../api/types.ts";
import { AreaField, SelectField, TextField } from "../ui/field.tsx";
import { SaveForm, Section } from "./section.tsx";
import { useSection } from "./use-section.ts";

type Assistant = SettingsBody["assistant"];

const LANGUAGES: Readonly<Record<Assistant["language"], string>> = {
  auto: "The visitor's language",
  en: "English",
  de: "German (Deutsch)",
  es: "Spanish (español)",
  fr: "French (français)",
  hr: "Croatian (hrvatski)",
  ru: "Russian (русский)",
  zh: "Chinese (中文)",
};

export function AssistantSection({ saved }: { readonly saved: Assistant }) {
  const save = useSaveSettings();
  const { value, edit, changes, undo, done, ...state } = useSection("Assistant", saved);
  return (
    <Section id="assistant" title="Assistant" intro="Who speaks to your visitors, and how.">
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        effect="Visitors see this at once."
        onSave={() => save.mutate({ assistant: changes }, { onSuccess: done })}
        onUndo={undo}
      >
        <TextField
          label="Name"
          required
          maxLength={80}
          value={value.name}
          onChange={(event) => edit({ name: event.target.value })}
        />
        <AreaField
          label="Greeting"
          hint="The first thing a visitor reads when the chat opens."
          required
          rows={2}
          maxLength={500}
          value={value.greeting}
          onChange={(event) => edit({ greeting: event.target.value })}
        />
        <AreaField
          label="Instructions"
          hint="Tone, length, what to offer, what never to promise. A language model follows them; quotes are given word for word. Facts belong into Knowledge, where answers can point to them."
          rows={6}
          maxLength={4000}
          value={value.instructions}
          onChange={(event) => edit({ instructions: event.target.value })}
        />
        <SelectField
          label="Language"
          value={value.language}
          onChange={(event) => edit({ language: event.target.value as Assistant["language"] })}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
      </SaveForm>
    </Section>
  );
}
