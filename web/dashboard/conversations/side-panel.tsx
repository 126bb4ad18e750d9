import type { ReactNode } from "react";
import type { ConversationBody, MessageBody } from "../api/types.ts";
import { ConfidenceParts } from "../ui/confidence-mark.tsx";
import { exactTime } from "../ui/time.ts";
import { isJudged } from "../ui/words.ts";
import { handoverWords } from "./words.ts";

interface SidePanelProps {
  readonly conversation: ConversationBody;
  readonly messages: readonly MessageBody[];
}

/** Who writes, why a person is needed, and what the assistant's last answer rests on. */
export function SidePanel({ conversation, messages }: SidePanelProps) {
  const { contact, channel, handover } = conversation;
  const answers = messages.filter((message) => message.author.kind === "assistant");
  const confidence = answers
    .map((answer) => answer.confidence)
    .findLast((own) => own !== undefined && isJudged(own));
  const sources = new Set(
    answers.flatMap((answer) => (answer.citations ?? []).map((citation) => citation.title)),
  );
  return (
    <div className="grid gap-6 text-sm">
      <Part title="Contact">
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          <Entry name="Name">{contact.name ?? "not known"}</Entry>
          <Entry name="E-mail">
            {contact.email === undefined ? (
              "not known"
            ) : (
              <a href={`mailto:${contact.email}`} className="text-accent-text underline underline-offset-2">
                {contact.email}
              </a>
            )}
          </Entry>
          <Entry name="Through">{channel.name}</Entry>
          <Entry name="Since">{exactTime(conversation.createdAt)}</Entry>
          <Entry name="Messages">{conversation.messageCount}</Entry>
          {conversation.assignee && <Entry name="With">{conversation.assignee.name}</Entry>}
        </dl>
      </Part>
      {handover && (
        <Part title="Why a person">
          <p className="break-words">{handover.reason || handoverWords(handover.requestedBy)}</p>
          <p className="mt-0.5 text-xs text-muted">{exactTime(handover.at)}</p>
        </Part>
      )}
      {confidence && (
        <Part title="The last answer">
          <ConfidenceParts confidence={confidence} />
        </Part>
      )}
      {answers.length > 0 && (
        <Part title="Sources used">
          {sources.size === 0 ? (
            <p className="text-muted">None: no answer quoted a document.</p>
          ) : (
            <ul className="grid list-disc gap-0.5 pl-4">
              {[...sources].map((title) => (
                <li key={title} className="break-words">
                  {title}
                </li>
              ))}
            </ul>
          )}
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function Entry({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words tabular-nums">{children}</dd>
    </>
  );
}
