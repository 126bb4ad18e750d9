/** @jsxImportSource ./dom */
/** The conversation. Stays at its end while the visitor is there, and leaves alone who has scrolled up. */

import { Answer } from "./answer.tsx";
import { useEffect, useRef, useState } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { clock, day, useWidget } from "./hooks.ts";
import { DownIcon } from "./icons.tsx";
import { Markdown } from "./markdown-view.tsx";
import { OwnMessage } from "./own-message.tsx";
import { fill } from "./strings.ts";
import { type Row, timeline } from "./timeline.ts";

/** Pixels from the end that still count as being there. */
const NEAR = 60;

export function Thread(): JSX.Element {
  const { chat, strings, name } = useWidget();
  const { settings, outgoing, messages } = chat.state;
  const rows = useRows();
  const { area, content, below, toEnd } = useStickToEnd(
    outgoing.at(-1)?.clientId ?? "",
    messages.at(-1)?.seq ?? 0,
  );
  return (
    <div class="frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" ref={area} tabIndex={0} role="log" aria-live="off" aria-label={name}>
        <div class="rows" ref={content}>
          {settings?.greeting && (
            <div class="greeting">
              <Markdown text={settings.greeting} anyHost />
            </div>
          )}
          {rows}
          {chat.state.agentTyping && <AgentTyping />}
        </div>
      </div>
      {below && (
        <button type="button" class="to-end" onClick={toEnd}>
          <DownIcon /> {strings.newMessages}
        </button>
      )}
    </div>
  );
}

/** The rows; one that shows the same as before is the same object, and is not drawn again at every word. */
function useRows(): readonly unknown[] {
  const { chat, locale, name } = useWidget();
  const [before] = useState(
    () => new Map<string, { readonly parts: readonly unknown[]; readonly node: unknown }>(),
  );
  const online = chat.connection.kind === "online";
  return timeline(chat.state).map((row) => {
    const rated =
      "message" in row && row.message !== undefined ? chat.state.feedback[row.message.id] : undefined;
    const parts = [locale, name, rated, "outgoing" in row && row.outgoing && online, ...Object.values(row)];
    const known = before.get(row.key);
    const same =
      known?.parts.length === parts.length && known.parts.every((part, index) => part === parts[index]);
    if (known !== undefined && same) return known.node;
    const node = <RowView key={row.key} row={row} />;
    before.set(row.key, { parts, node });
    return node;
  });
}

function RowView({ row }: { readonly row: Row }): JSX.Element {
  const { strings, locale } = useWidget();
  switch (row.kind) {
    case "own":
      return <OwnMessage row={row} />;
    case "answer":
      return <Answer turn={row.turn} message={row.message} />;
    case "agent":
      return <AgentMessage row={row} />;
    case "system":
      return <Answer turn={undefined} message={row.message} />;
    case "day":
      return <Divider text={day(row.at, locale)} />;
    case "human":
      return <Divider text={strings.humanFrom} at={row.at} tone="handed" />;
    case "assistant":
      return <Divider text={strings.assistantFrom} at={row.at} />;
    case "closed":
      return <Divider text={strings.closed} />;
    case "turnFailed":
      return <p class="turn-failed">{strings.turnFailed}</p>;
  }
}

function Divider(props: {
  readonly text: string;
  readonly at?: string | undefined;
  readonly tone?: "handed";
}): JSX.Element {
  const { locale } = useWidget();
  return (
    <p class="divider" data-tone={props.tone}>
      <span>
        {props.text}
        {props.at !== undefined && (
          <>
            {" · "}
            <time dateTime={props.at}>{clock(props.at, locale)}</time>
          </>
        )}
      </span>
    </p>
  );
}

function AgentMessage({ row }: { readonly row: Extract<Row, { kind: "agent" }> }): JSX.Element {
  const { strings, locale } = useWidget();
  const { author, text, createdAt } = row.message;
  const name = author.name ?? strings.person;
  return (
    <div class="agent">
      {row.named && (
        <p class="meta">
          <span class="initial" aria-hidden="true">
            {name.slice(0, 1).toUpperCase()}
          </span>
          <b>{name}</b> <time dateTime={createdAt}>{clock(createdAt, locale)}</time>
        </p>
      )}
      <div class="bubble">
        <Markdown text={text} anyHost />
      </div>
    </div>
  );
}

function AgentTyping(): JSX.Element {
  const { chat, strings } = useWidget();
  const { agent, messages } = chat.state;
  const known = agent ?? messages.findLast(({ author }) => author.kind === "agent")?.author;
  return (
    <p class="meta">
      {fill(strings.isWriting, { name: known?.name ?? strings.person })}
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    </p>
  );
}

interface StickToEnd {
  readonly area: { current: HTMLDivElement | null };
  readonly content: { current: HTMLDivElement | null };
  /** Something new has come below what is in view. */
  readonly below: boolean;
  readonly toEnd: () => void;
}

function useStickToEnd(ownLast: string, lastSeq: number): StickToEnd {
  const area = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(false);
  const toEnd = (): void => {
    atEnd.current = true;
    setBelow(false);
    if (area.current !== null) area.current.scrollTop = area.current.scrollHeight;
  };
  useEffect(() => {
    const element = area.current;
    if (element === null || content.current === null) return;
    const follow = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    follow.observe(content.current);
    follow.observe(element);
    let top = element.scrollTop;
    const onScroll = (): void => {
      // Only going up leaves the end: growth below, or a bar that takes room, moves the end away and not the visitor.
      if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR) atEnd.current = true;
      else if (element.scrollTop < top) atEnd.current = false;
      top = element.scrollTop;
      if (atEnd.current) setBelow(false);
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      follow.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, []);
  // Who writes wants to see what was written.
  useEffect(() => {
    if (ownLast !== "") toEnd();
  }, [ownLast]);
  useEffect(() => {
    if (!atEnd.current) setBelow(true);
  }, [lastSeq]);
  return { area, content, below, toEnd };
}
