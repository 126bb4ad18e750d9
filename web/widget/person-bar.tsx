/** @jsxImportSource ./dom */
/** The way to a person: the request, the waiting, and the way back to the assistant. */

import { useState } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { useWidget } from "./hooks.ts";
import { PersonIcon } from "./icons.tsx";
import { isWaiting } from "./timeline.ts";

export function PersonBar(): JSX.Element | null {
  const { chat, strings } = useWidget();
  const { state } = chat;
  if (isWaiting(state)) return <Waiting />;
  if (state.status === "human") return null;
  const asking = state.asked === "human";
  return (
    <div class="person-bar">
      <span class="disclaimer">{strings.disclaimer}</span>
      <button
        type="button"
        class="quiet"
        aria-disabled={asking}
        onClick={() => asking || chat.askForPerson()}
      >
        <PersonIcon /> {asking ? strings.asking : strings.talk}
      </button>
    </div>
  );
}

function Waiting(): JSX.Element {
  const { chat, strings } = useWidget();
  const { emailKnown, asked } = chat.state;
  return (
    <div class="waiting-bar">
      <p role="status">
        <PersonIcon /> {strings.waiting}
      </p>
      {emailKnown ? <p>{strings.byMail}</p> : <EmailForm />}
      <button
        type="button"
        class="link"
        aria-disabled={asked === "assistant"}
        onClick={() => asked || chat.askForAssistant()}
      >
        {strings.goOn}
      </button>
    </div>
  );
}

function EmailForm(): JSX.Element {
  const { chat, strings } = useWidget();
  const [email, setEmail] = useState("");
  const send = (event: Event): void => {
    event.preventDefault();
    chat.askForPerson(email.trim());
  };
  return (
    <form class="email-form" onSubmit={send}>
      <label for="email">{strings.emailAsk}</label>
      <div class="inline-form">
        <input
          id="email"
          type="email"
          required
          maxLength={320}
          autoComplete="email"
          placeholder={strings.email}
          value={email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <button type="submit" class="quiet" aria-disabled={chat.state.asked === "human"}>
          {strings.send}
        </button>
      </div>
    </form>
  );
}
