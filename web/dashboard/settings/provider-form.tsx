import { type ProviderPatch, useCheckProvider, useSaveProvider } from "../api/settings.ts";
import type { ProviderBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Card } from "../ui/page.tsx";
import { CheckResult } from "./check-result.tsx";
import { KeyField } from "./key-field.tsx";
import { SaveForm } from "./section.tsx";
import { useSection } from "./use-section.ts";

const TITLES = {
  builtin: "Quotes",
  ollama: "Ollama",
  "openai-compatible": "A service with OpenAI's interface",
} as const;

/** `key`: "" is untouched, null removes the stored one; it never holds the stored key, which nobody gives out. */
interface ProviderEdits {
  readonly url: string;
  readonly model: string;
  readonly key: string | null;
}

function patchOf({ url, model, key }: Partial<ProviderEdits>): ProviderPatch {
  return {
    ...(url !== undefined && { url: url.trim() || null }),
    ...(model !== undefined && { model: model.trim() || null }),
    ...(key !== undefined && { key }),
  };
}

export function ProviderForm({ provider }: { readonly provider: ProviderBody }) {
  const title = TITLES[provider.id];
  const save = useSaveProvider(provider.id);
  const check = useCheckProvider(provider.id);
  const saved: ProviderEdits = { url: provider.url ?? "", model: provider.model ?? "", key: "" };
  const { value, edit, changes, undo, done, ...state } = useSection(title, saved);
  const saveThen = (then?: () => void) =>
    save.mutate(patchOf(changes), {
      onSuccess: () => {
        done();
        then?.();
      },
    });
  const test = () => (state.dirty ? saveThen(() => check.mutate()) : check.mutate());
  return (
    <Card className="p-4">
      <h3 className="mb-4 flex flex-wrap items-baseline gap-x-2 font-semibold">
        {title}
        {provider.active && <span className="text-xs font-medium text-sure">in use</span>}
      </h3>
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        onSave={() => saveThen()}
        onUndo={undo}
        extra={
          <Button busy={check.isPending} disabled={save.isPending} onClick={test}>
            {state.dirty ? "Save and test connection" : "Test connection"}
          </Button>
        }
      >
        <TextField
          label="Address"
          type="url"
          placeholder={provider.id === "ollama" ? "http://127.0.0.1:11434" : "https://api.example.com/v1"}
          hint={
            provider.source === "operator"
              ? "Set for the whole appliance; a value of your own takes its place."
              : undefined
          }
          maxLength={500}
          value={value.url}
          onChange={(event) => edit({ url: event.target.value })}
        />
        {provider.id === "openai-compatible" && (
          <KeyField stored={provider.hasKey} value={value.key} onChange={(key) => edit({ key })} />
        )}
        <TextField
          label="Model"
          hint="“Test connection” lists the models that are there."
          maxLength={200}
          value={value.model}
          onChange={(event) => edit({ model: event.target.value })}
        />
        <CheckResult check={check} chosen={value.model} onChoose={(model) => edit({ model })} />
      </SaveForm>
    </Card>
  );
}
