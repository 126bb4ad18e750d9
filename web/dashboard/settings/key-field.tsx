import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";

interface KeyFieldProps {
  readonly stored: boolean;
  /** "": untouched; null: to be removed. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A stored key is never shown; it can only be replaced or removed. */
export function KeyField({ stored, value, onChange }: KeyFieldProps) {
  const [replacing, setReplacing] = useState(false);
  if (!stored || (replacing && value !== null)) {
    return (
      <TextField
        label={stored ? "New key" : "Key"}
        type="password"
        autoComplete="off"
        hint="Kept encrypted and never shown again. Leave it empty if the service needs none."
        maxLength={1000}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <div className="grid gap-1.5">
      <p className="text-sm font-medium">Key</p>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="mr-1 text-muted">
          {value === null ? "The key is removed when you save." : "A key is stored."}
        </span>
        <Button
          size="small"
          onClick={() => {
            onChange("");
            setReplacing(true);
          }}
        >
          Replace
        </Button>
        {value !== null && (
          <Button size="small" onClick={() => onChange(null)}>
            Remove
          </Button>
        )}
      </div>
    </div>
  );
}
