/** @jsxImportSource ./dom */
/** The field to write in. What is in it survives closing, reloading and a refused message. */

import { useEffect, useRef, useState } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { useWidget } from "./hooks.ts";
import { SendIcon } from "./icons.tsx";
import { fill } from "./strings.ts";

const MAX_LENGTH = 20_000;
/** The counter appears when so many characters are left. */
const COUNTED = 1000;

export function Composer(): JSX.Element {
  const { chat, keepsakes, strings } = useWidget();
  const [text, setText] = useState(() => keepsakes.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  useGrowth(field, text);
  const refused = chat.connection.kind === "refused";
  const change = (value: string): void => {
    setText(value);
    keepsakes.draft = value;
  };
  const send = (): void => {
    const trimmed = text.trim();
    if (trimmed === "" || refused) return;
    change("");
    chat.send(trimmed);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter also ends the composition of a Chinese or Japanese word; 229 is what Safari says then.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const left = MAX_LENGTH - text.length;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          maxLength={MAX_LENGTH}
          dir="auto"
          aria-label={strings.placeholder}
          placeholder={strings.placeholder}
          disabled={refused}
          value={text}
          onInput={(event) => {
            change(event.currentTarget.value);
            chat.typing();
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="send" aria-label={strings.send} disabled={text.trim() === "" || refused}>
          <SendIcon />
        </button>
      </div>
      {left < COUNTED && (
        <p class="meta" role="status">
          {fill(strings.charactersLeft, { n: left })}
        </p>
      )}
    </form>
  );
}

/** One line to five, as CSS limits it, then it scrolls. */
function useGrowth(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}
