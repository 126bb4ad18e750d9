/** @jsxImportSource ./dom */
/** Whom the visitor talks to, and honestly how the connection is. */
import type { JSX } from "./dom/jsx-runtime.ts";
import { useNow, useWidget } from "./hooks.ts";
import { CloseIcon } from "./icons.tsx";
import { fill } from "./strings.ts";

export function Header(): JSX.Element {
  const widget = useWidget();
  return (
    <div class="head">
      <div class="who">
        <h2>{widget.name}</h2>
        <ConnectionLine />
      </div>
      <button
        type="button"
        class="icon close"
        aria-label={widget.strings.close}
        onClick={() => widget.close()}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

function ConnectionLine(): JSX.Element {
  const { chat, strings } = useWidget();
  const { connection } = chat;
  const now = useNow(connection.kind === "offline");
  if (connection.kind === "offline") {
    const seconds = Math.max(1, Math.ceil((connection.retryAt - now) / 1000));
    return (
      <p class="connection" data-kind="offline">
        <span>{fill(strings.offline, { n: seconds })}</span>
        <button type="button" class="link" onClick={() => chat.retryNow()}>
          {strings.retryNow}
        </button>
      </p>
    );
  }
  const kind = connection.kind === "idle" ? "connecting" : connection.kind;
  return (
    <p class="connection" data-kind={kind}>
      <span>{strings[kind]}</span>
    </p>
  );
}
