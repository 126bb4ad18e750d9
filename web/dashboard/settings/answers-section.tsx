import { useSaveSettings } from "../api/settings.ts";
import type { SettingsPatch, SettingsResponse } from "../api/types.ts";
import { SelectField } from "../ui/field.tsx";
import { SaveForm, Section } from "./section.tsx";
import { ThresholdField } from "./threshold-field.tsx";
import { useSection } from "./use-section.ts";

type Answerer = SettingsResponse["models"]["answerer"];

const ANSWERERS: Readonly<Record<Answerer, string>> = {
  auto: "Automatic",
  builtin: "Quotes from the documents",
  ollama: "Ollama",
  "openai-compatible": "Service with OpenAI's interface",
};

/** What the form edits; the patch puts both parts back where they belong. */
interface Answers {
  readonly answerer: Answerer;
  readonly answerThreshold: number | null;
}

function patchOf({ answerer, answerThreshold }: Partial<Answers>): SettingsPatch {
  return {
    ...(answerer !== undefined && { models: { answerer } }),
    ...(answerThreshold !== undefined && { confidence: { answerThreshold } }),
  };
}

export function AnswersSection({ saved }: { readonly saved: SettingsResponse }) {
  const save = useSaveSettings();
  const { value, edit, changes, undo, done, ...state } = useSection<Answers>("Answers", {
    answerer: saved.models.answerer,
    answerThreshold: saved.confidence.answerThreshold,
  });
  return (
    <Section
      id="answers"
      title="Answers"
      intro="Where the words come from, and when the assistant stays silent and calls a person."
    >
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        effect="The next question is answered this way."
        onSave={() => save.mutate(patchOf(changes), { onSuccess: done })}
        onUndo={undo}
      >
        <SelectField
          label="Answers come from"
          hint="Automatic: a language model when one can be reached, else quotes word for word. Either way every answer rests on your documents."
          value={value.answerer}
          onChange={(event) => edit({ answerer: event.target.value as Answerer })}
        >
          {Object.entries(ANSWERERS).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <ThresholdField
          value={value.answerThreshold}
          measured={saved.defaults.answerThreshold}
          onChange={(answerThreshold) => edit({ answerThreshold })}
        />
      </SaveForm>
    </Section>
  );
}
