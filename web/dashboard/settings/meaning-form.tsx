import { CircleAlert } from "lucide-react";
import { useSaveSettings } from "../api/settings.ts";
import type { SettingsResponse } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { Card } from "../ui/page.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import { choiceOf, type MeaningChoice, type MeaningMaker, settingOf } from "./meaning-choice.ts";
import { SaveForm } from "./section.tsx";
import { useSection } from "./use-section.ts";

const TITLE = "What learns the meaning of documents";

const MAKERS: Readonly<Record<MeaningMaker, string>> = {
  builtin: "The built-in model",
  folder: "A model in the data folder",
  ollama: "Ollama",
  openai: "Service with OpenAI's interface",
};

const EXAMPLES: Readonly<Record<MeaningMaker, string>> = {
  builtin: "",
  folder: "",
  ollama: "nomic-embed-text",
  openai: "text-embedding-3-small",
};

/** Which model makes the vectors, and how far the documents are learnt with it. */
export function MeaningForm({ saved }: { readonly saved: SettingsResponse }) {
  const save = useSaveSettings();
  const { embeddingModel } = saved.retrieval;
  const { value, edit, undo, done, ...state } = useSection<MeaningChoice>(TITLE, choiceOf(embeddingModel));
  const learn = (model: string | null) =>
    save.mutate({ retrieval: { embeddingModel: model } }, { onSuccess: done });
  return (
    <Card className="p-4">
      <h3 className="mb-4 font-semibold">{TITLE}</h3>
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        effect="The documents are learnt with it."
        onSave={() => learn(settingOf(value))}
        onUndo={undo}
      >
        <SelectField
          label="Learnt by"
          hint="After a change all documents are learnt anew, in the background; they are found as before meanwhile. The texts of all documents and questions go to the server that you choose."
          value={value.maker}
          onChange={(event) => edit({ maker: event.target.value as MeaningMaker, name: "" })}
        >
          {Object.entries(MAKERS)
            .filter(([maker]) => maker !== "folder" || value.maker === "folder")
            .map(([maker, name]) => (
              <option key={maker} value={maker}>
                {name}
              </option>
            ))}
        </SelectField>
        {value.maker !== "builtin" && (
          <TextField
            label="Model that learns"
            hint="An embedding model that is there; saving tries it out first."
            placeholder={EXAMPLES[value.maker]}
            required
            maxLength={200}
            value={value.name}
            onChange={(event) => edit({ name: event.target.value })}
          />
        )}
        {!state.dirty && (
          <LearningState
            learning={saved.learning}
            busy={save.isPending}
            onRetry={() => learn(embeddingModel)}
          />
        )}
      </SaveForm>
    </Card>
  );
}

interface LearningStateProps {
  readonly learning: SettingsResponse["learning"];
  readonly busy: boolean;
  readonly onRetry: () => void;
}

function LearningState({ learning: { state, progress, problem }, busy, onRetry }: LearningStateProps) {
  if (state === "ready") return null;
  if (state === "learning")
    return (
      <p role="status" className="flex flex-wrap items-center gap-2 text-sm">
        <ProgressBar value={progress} label="Documents learnt anew" />
        <span className="text-muted tabular-nums">
          The documents are being learnt anew ({Math.round(progress * 100)} %).
        </span>
      </p>
    );
  const waits = state === "waiting";
  return (
    <div
      role="alert"
      className="flex items-start gap-3 rounded-card border border-failed-line bg-failed-soft p-3 text-sm"
    >
      <CircleAlert size={16} className="mt-0.5 shrink-0 text-failed" aria-hidden="true" />
      <div className="grid min-w-0 justify-items-start gap-1">
        <p className="font-medium">
          {waits
            ? "Learning waits for the model's server, and goes on by itself"
            : "The documents could not be learnt with this model; they are found as before"}
        </p>
        {problem !== null && <p className="break-words">{problem}</p>}
        <div className="mt-1.5">
          <Button size="small" busy={busy} onClick={onRetry}>
            Try again
          </Button>
        </div>
      </div>
    </div>
  );
}
