import { useProviders } from "../api/settings.ts";
import type { ProviderBody, SettingsResponse } from "../api/types.ts";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { MeaningForm } from "./meaning-form.tsx";
import { ProviderForm } from "./provider-form.tsx";
import { Section } from "./section.tsx";

export function ModelsSection({ saved }: { readonly saved: SettingsResponse }) {
  const providers = useProviders();
  return (
    <Section
      id="models"
      title="Language models"
      intro="Optional. Without one the assistant quotes your documents word for word; with one it writes its answers from them."
    >
      <QueryView query={providers} failure="The models could not be loaded" skeleton={<SkeletonRows />}>
        {({ items }) => (
          <div className="grid gap-4">
            <ActiveLine providers={items} />
            {items.map((provider) =>
              provider.id === "builtin" ? null : <ProviderForm key={provider.id} provider={provider} />,
            )}
            <MeaningForm saved={saved} />
          </div>
        )}
      </QueryView>
    </Section>
  );
}

function ActiveLine({ providers }: { readonly providers: readonly ProviderBody[] }) {
  const active = providers.find((provider) => provider.active);
  return (
    <p className="text-base">
      The next question is answered by <strong className="font-semibold">{providerName(active)}</strong>.
    </p>
  );
}

export function providerName(provider: ProviderBody | undefined): string {
  if (provider === undefined) return "nothing yet";
  const model = provider.model === null ? "" : `, ${provider.model}`;
  switch (provider.id) {
    case "builtin":
      return "quotes from the documents";
    case "ollama":
      return `Ollama${model}`;
    case "openai-compatible":
      return `the service with OpenAI's interface${model}`;
  }
}
