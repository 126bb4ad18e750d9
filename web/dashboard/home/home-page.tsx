import type { ReactNode } from "react";
import { useConversations } from "../api/conversations.ts";
import { allItems } from "../api/pages.ts";
import { ConversationRow } from "../conversations/conversation-row.tsx";
import { Link } from "../router/link.tsx";
import { providerName } from "../settings/models-section.tsx";
import { Card, Page } from "../ui/page.tsx";
import { QueryView, Skeleton } from "../ui/query-view.tsx";
import { Checklist } from "./checklist.tsx";
import { allSettled, setupSteps } from "./steps.ts";
import { useHome, useSkipped } from "./use-home.ts";

export function HomePage() {
  const home = useHome();
  const { skipped, skip } = useSkipped();
  return (
    <Page title="Home">
      <QueryView query={home} failure="Not everything could be loaded" skeleton={<HomeSkeleton />}>
        {(facts) => {
          const steps = setupSteps(facts, skipped);
          return (
            <div className="grid gap-10">
              {!allSettled(steps) && <Checklist steps={steps} onSkip={skip} />}
              <Numbers home={home} />
              <Waiting />
            </div>
          );
        }}
      </QueryView>
    </Page>
  );
}

function HomeSkeleton() {
  return (
    <div className="grid max-w-2xl gap-4">
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-24" />
      <Skeleton className="h-10" />
      <Skeleton className="h-10" />
    </div>
  );
}

function Numbers({ home }: { readonly home: ReturnType<typeof useHome> }) {
  const count = (value: { count: number; more: boolean } | undefined) =>
    value === undefined ? "…" : `${value.count.toLocaleString()}${value.more ? "+" : ""}`;
  return (
    <section aria-label="Now" className="grid gap-x-10 gap-y-6 sm:grid-cols-3">
      <Fact href="/knowledge" label="documents ready">
        {count(home.ready)}
      </Fact>
      <Fact href="/conversations" label="waiting for a person">
        {count(home.waiting)}
      </Fact>
      <Fact href="/settings#models" label="answers the next question" words>
        {home.provider === undefined ? "…" : capital(providerName(home.provider))}
      </Fact>
    </section>
  );
}

const SHOWN = 5;

/** Who has waited, so that the first page is also where the day begins. */
function Waiting() {
  const waiting = useConversations({ waiting: true });
  const conversations = allItems(waiting.data?.pages).slice(0, SHOWN);
  if (conversations.length === 0) return null;
  return (
    <section aria-labelledby="waiting" className="max-w-2xl">
      <h2 id="waiting" className="mb-3 text-lg font-semibold">
        Waiting for a person
      </h2>
      <Card className="overflow-hidden">
        <ul className="divide-y divide-line">
          {conversations.map((conversation) => (
            <ConversationRow key={conversation.id} conversation={conversation} />
          ))}
        </ul>
      </Card>
    </section>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface FactProps {
  readonly href: string;
  readonly label: string;
  readonly words?: boolean;
  readonly children: ReactNode;
}

function Fact({ href, label, words = false, children }: FactProps) {
  return (
    <Link href={href} className="group grid min-w-0 content-start gap-0.5">
      <span
        className={`break-words tabular-nums group-hover:text-accent-text ${words ? "flex min-h-[2.1rem] items-end text-lg font-medium" : "text-2xl font-semibold"}`}
      >
        {children}
      </span>
      <span className="text-sm text-muted">{label}</span>
    </Link>
  );
}
