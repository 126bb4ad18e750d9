import { X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Field, INPUT } from "../ui/field.tsx";
import { parseOrigin } from "./origins.ts";

interface OriginsEditorProps {
  readonly origins: readonly string[];
  readonly onChange: (origins: readonly string[]) => void;
}

export function OriginsEditor({ origins, onChange }: OriginsEditorProps) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const add = () => {
    const result = parseOrigin(text);
    if ("error" in result) {
      setError(result.error);
      return;
    }
    if (!origins.includes(result.origin)) onChange([...origins, result.origin]);
    setText("");
    setError(undefined);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    // Enter adds the site; it must not save the form around it.
    event.preventDefault();
    if (text.trim() !== "") add();
  };
  return (
    <div className="grid gap-3">
      <Field
        label="Sites that may show the chat"
        hint="For example https://www.your-shop.com, or https://*.your-shop.com for all parts of it."
        error={error}
      >
        {(control) => (
          <div className="flex gap-2">
            <input
              {...control}
              inputMode="url"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="https://www.your-shop.com"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setError(undefined);
              }}
              onKeyDown={press}
              className={`${INPUT} h-8 max-sm:h-10`}
            />
            <Button disabled={text.trim() === ""} onClick={add}>
              Add site
            </Button>
          </div>
        )}
      </Field>
      <OriginList origins={origins} onChange={onChange} />
    </div>
  );
}

function OriginList({ origins, onChange }: OriginsEditorProps) {
  if (origins.length === 0) {
    return (
      <p className="text-sm text-muted">
        No site yet: the chat works only on this appliance's own demo page.
      </p>
    );
  }
  return (
    <ul
      aria-label="Allowed sites"
      className="divide-y divide-line rounded-control border border-line bg-raised"
    >
      {origins.map((origin) => (
        <li key={origin} className="flex items-center gap-2 py-1 pr-1 pl-3">
          <span className="min-w-0 flex-1 text-sm break-all">{origin}</span>
          <Button
            look="quiet"
            size="small"
            aria-label={`Remove ${origin}`}
            onClick={() => onChange(origins.filter((other) => other !== origin))}
          >
            <X size={14} aria-hidden="true" />
          </Button>
        </li>
      ))}
    </ul>
  );
}
