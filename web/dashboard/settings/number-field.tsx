import { TextField } from "../ui/field.tsx";

interface NumberFieldProps {
  readonly label: string;
  /** After the range. */
  readonly hint?: string;
  /** Default 1. */
  readonly min?: number;
  readonly max: number;
  /** Null while the field is empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A whole number. The browser says what is wrong with it when the form is sent. */
export function NumberField({ label, hint, min = 1, max, value, onChange }: NumberFieldProps) {
  const range = `${min} to ${max.toLocaleString()}`;
  return (
    <TextField
      label={label}
      hint={hint === undefined ? range : `${range}. ${hint}`}
      type="number"
      inputMode="numeric"
      min={min}
      max={max}
      step={1}
      required
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? null : Number(target.value))}
      className="tabular-nums"
    />
  );
}
