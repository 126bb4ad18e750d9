/** @jsxImportSource ./dom */
/** What the visitor wrote, and whether it has arrived. */
import type { JSX } from "./dom/jsx-runtime.ts";
import { clock, useNow, useWidget } from "./hooks.ts";
import { FailedIcon, ReadIcon, SentIcon, WaitIcon } from "./icons.tsx";
import type { Outgoing } from "./state.ts";
import { fill, type Strings } from "./strings.ts";
import type { Row } from "./timeline.ts";

export function OwnMessage({ row }: { readonly row: Extract<Row, { kind: "own" }> }): JSX.Element {
  const { strings, locale, chat } = useWidget();
  const { outgoing, message, text } = row;
  const at = message?.createdAt ?? outgoing?.createdAt ?? "";
  const online = chat.connection.kind === "online";
  return (
    <div class="own" data-state={outgoing?.state ?? "sent"}>
      <div class="bubble" dir="auto">
        {text}
      </div>
      {outgoing?.state === "failed" ? (
        <Failed outgoing={outgoing} />
      ) : (
        <p class="meta">
          {outgoing?.state === "pending" && !online && `${strings.willSend} · `}
          <time dateTime={at}>{clock(at, locale)}</time> <Tick row={row} strings={strings} />
        </p>
      )}
    </div>
  );
}

function Tick(props: {
  readonly row: Extract<Row, { kind: "own" }>;
  readonly strings: Strings;
}): JSX.Element {
  const { strings, row } = props;
  const [label, icon] =
    row.outgoing?.state === "pending"
      ? [strings.sending, <WaitIcon key="wait" />]
      : row.message?.status === "read"
        ? [strings.read, <ReadIcon key="read" />]
        : [strings.sent, <SentIcon key="sent" />];
  return (
    <span class="tick" role="img" aria-label={label}>
      {icon}
    </span>
  );
}

function Failed({ outgoing }: { readonly outgoing: Outgoing }): JSX.Element {
  const { strings, chat } = useWidget();
  const retryAt = outgoing.error?.retryAt ?? 0;
  const now = useNow(retryAt > Date.now());
  const seconds = Math.ceil((retryAt - now) / 1000);
  // The server's sentence, except for the one case that has its own words in every language.
  const why = retryAt > 0 ? strings.tooMany : (outgoing.error?.message ?? "");
  return (
    <p class="meta failed" role="alert">
      <FailedIcon /> {strings.notSent}. {why}{" "}
      <button
        type="button"
        class="link"
        aria-disabled={seconds > 0}
        onClick={() => seconds > 0 || chat.retry(outgoing.clientId)}
      >
        {seconds > 0 ? fill(strings.tryAgainIn, { n: seconds }) : strings.tryAgain}
      </button>
      {" · "}
      <button type="button" class="link" onClick={() => chat.discard(outgoing.clientId)}>
        {strings.remove}
      </button>
    </p>
  );
}
