import { useEffect } from "react";
import { useSettings } from "../api/settings.ts";
import { useLocation } from "../router/history.ts";
import { Page } from "../ui/page.tsx";
import { QueryView, Skeleton } from "../ui/query-view.tsx";
import { AnswersSection } from "./answers-section.tsx";
import { ApiKeysSection } from "./api-keys-section.tsx";
import { AssistantSection } from "./assistant-section.tsx";
import { LimitsSection } from "./limits-section.tsx";
import { ModelsSection } from "./models-section.tsx";
import { SearchSection } from "./search-section.tsx";
import { WebChatSection } from "./web-chat-section.tsx";

export function SettingsPage() {
  const settings = useSettings();
  useHashInView(settings.data !== undefined);
  return (
    <Page title="Settings">
      <QueryView query={settings} failure="The settings could not be loaded" skeleton={<SettingsSkeleton />}>
        {(saved) => (
          <div>
            <AssistantSection saved={saved.assistant} />
            <AnswersSection saved={saved} />
            <ModelsSection saved={saved} />
            <SearchSection saved={saved} />
            <WebChatSection />
            <LimitsSection saved={saved.channels} />
            <ApiKeysSection />
          </div>
        )}
      </QueryView>
    </Page>
  );
}

/** A link to "#models" arrives before the section is there. */
function useHashInView(ready: boolean): void {
  const hash = useLocation().split("#")[1];
  useEffect(() => {
    if (ready && hash !== undefined) document.getElementById(hash)?.scrollIntoView();
  }, [ready, hash]);
}

function SettingsSkeleton() {
  return (
    <div className="grid gap-x-10 gap-y-4 lg:grid-cols-[16rem_1fr]">
      <Skeleton className="h-4 w-32" />
      <div className="grid max-w-2xl gap-5">
        <Skeleton className="h-8" />
        <Skeleton className="h-8" />
        <Skeleton className="h-32" />
      </div>
    </div>
  );
}
