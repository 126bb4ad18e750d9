import { useState } from "react";
import { useConversations, useWaitingCount } from "../api/conversations.ts";
import { useReadyCount } from "../api/documents.ts";
import { useChannels, useProviders, useSettings } from "../api/settings.ts";
import { tenantId } from "../api/tenant.ts";
import type { SetupFacts, StepId } from "./steps.ts";

/** Everything the first page tells, gathered; `undefined` values are still on their way. */
export function useHome() {
  const ready = useReadyCount();
  const waiting = useWaitingCount();
  const settings = useSettings();
  const channels = useChannels();
  const conversations = useConversations({});
  const providers = useProviders();
  const queries = [ready, waiting, settings, channels, conversations, providers];
  const facts: SetupFacts | undefined = settings.data &&
    ready.data &&
    channels.data &&
    conversations.data && {
      documents: ready.data.count,
      instructions: settings.data.assistant.instructions,
      conversations: conversations.data.pages[0]?.items.length ?? 0,
      allowedOrigins: channels.data.items.reduce((sum, channel) => sum + channel.allowedOrigins.length, 0),
    };
  return {
    data: facts,
    ready: ready.data,
    waiting: waiting.data,
    provider: providers.data?.items.find((provider) => provider.active),
    error: queries.find((query) => query.error)?.error ?? null,
    isFetching: queries.some((query) => query.isFetching),
    refetch: () => {
      for (const query of queries) if (query.error) void query.refetch();
    },
  };
}

function skippedKey(): string {
  return `metachat.skipped.${tenantId()}`;
}

/** The steps this person does not want to be reminded of, kept on this device. */
export function useSkipped() {
  const [skipped, setSkipped] = useState<readonly string[]>(() =>
    (localStorage.getItem(skippedKey()) ?? "").split(" ").filter((id) => id !== ""),
  );
  const skip = (id: StepId) => {
    const next = [...skipped, id];
    localStorage.setItem(skippedKey(), next.join(" "));
    setSkipped(next);
  };
  return { skipped, skip };
}
