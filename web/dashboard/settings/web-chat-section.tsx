import { ExternalLink } from "lucide-react";
import { useChannels, useSaveOrigins } from "../api/settings.ts";
import type { ChannelBody } from "../api/types.ts";
import { CopyBlock } from "../ui/copy.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { OriginsEditor } from "./origins-editor.tsx";
import { SaveForm, Section } from "./section.tsx";
import { useSection } from "./use-section.ts";

export function WebChatSection() {
  const channels = useChannels();
  return (
    <Section
      id="web-chat"
      title="Chat on your site"
      intro="One line in your pages puts the chat there. It works only on the sites you name here."
    >
      <QueryView query={channels} failure="The chat could not be loaded" skeleton={<SkeletonRows />}>
        {({ items }) => {
          const webChats = items.filter((channel) => channel.kind === "webchat");
          if (webChats.length === 0)
            return <p className="text-muted">This business has no chat for a site yet.</p>;
          return (
            <div className="grid gap-8">
              {webChats.map((channel) => (
                <WebChat key={channel.id} channel={channel} named={webChats.length > 1} />
              ))}
            </div>
          );
        }}
      </QueryView>
    </Section>
  );
}

function WebChat({ channel, named }: { readonly channel: ChannelBody; readonly named: boolean }) {
  const save = useSaveOrigins();
  const saved = { allowedOrigins: channel.allowedOrigins as readonly string[] };
  const { value, edit, changes, undo, done, ...state } = useSection(`Sites of ${channel.name}`, saved);
  return (
    <div className="grid gap-6">
      {named && <h3 className="font-semibold">{channel.name}</h3>}
      <SaveForm
        {...state}
        saving={save.isPending}
        error={save.error}
        effect="The chat works there at once."
        onSave={() =>
          save.mutate(
            { id: channel.id, allowedOrigins: changes.allowedOrigins ?? value.allowedOrigins },
            { onSuccess: done },
          )
        }
        onUndo={undo}
      >
        <OriginsEditor
          origins={value.allowedOrigins}
          onChange={(allowedOrigins) => edit({ allowedOrigins })}
        />
      </SaveForm>
      {channel.snippet !== null && (
        <div className="grid gap-1.5">
          <p className="text-sm font-medium">The line for your pages</p>
          <CopyBlock text={channel.snippet} label="Copy" />
          <p className="text-xs text-muted">
            Put it before <code className="font-mono">&lt;/body&gt;</code> on every page that shall have the
            chat.{" "}
            <a
              href="/demo"
              target="_blank"
              rel="noopener"
              className="inline-flex items-center gap-1 font-medium text-accent-text underline underline-offset-2"
            >
              See it on a demo page
              <ExternalLink size={12} aria-hidden="true" />
            </a>
          </p>
        </div>
      )}
    </div>
  );
}
