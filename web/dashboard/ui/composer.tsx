import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { INPUT } from "./field.tsx";

interface ComposerProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSend: () => void;
  /** `enter`: Enter sends, Shift+Enter breaks the line. `mod-enter`: Ctrl or Command with Enter sends. */
  readonly sendWith: "enter" | "mod-enter";
  readonly hint?: string;
  readonly children: ReactNode;
}

/** A text box that grows with its text up to a third of the screen. */
export function Composer(props: ComposerProps) {
  const { label, placeholder, value, onChange, onSend, sendWith, hint, children } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight / 3)}px`;
  }, [value]);
  const press = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    const modified = event.ctrlKey || event.metaKey;
    if (modified || (sendWith === "enter" && !event.shiftKey)) {
      event.preventDefault();
      onSend();
    }
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <textarea
        ref={box}
        aria-label={label}
        placeholder={placeholder}
        rows={1}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={press}
        className={`${INPUT} min-h-10 resize-none py-2`}
      />
      <div className="flex items-center justify-end gap-2">
        {hint && <p className="mr-auto text-xs text-muted max-sm:hidden">{hint}</p>}
        {children}
      </div>
    </form>
  );
}
