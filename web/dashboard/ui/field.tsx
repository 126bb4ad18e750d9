import { type ComponentProps, type ReactNode, useId } from "react";

export const INPUT =
  "w-full rounded-control border border-edge bg-field px-2.5 text-base text-ink placeholder:text-muted max-sm:text-lg " +
  "aria-invalid:border-failed";

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (control: FieldControl) => ReactNode;
}

export interface FieldControl {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

/** A label, its control, and under it one line that teaches or says what to change. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  const hasNote = error !== undefined || hint !== undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, ...(hasNote && { "aria-describedby": note }), ...(error && { "aria-invalid": true }) })}
      {hasNote && (
        <p id={note} className={`text-xs ${error === undefined ? "text-muted" : "text-failed"}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = Omit<FieldProps, "children"> & ComponentProps<"input">;

export function TextField({ label, hint, error, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input {...input} {...control} className={`${INPUT} h-8 max-sm:h-10 ${className ?? ""}`} />
      )}
    </Field>
  );
}

type AreaFieldProps = Omit<FieldProps, "children"> & ComponentProps<"textarea">;

export function AreaField({ label, hint, error, className, ...area }: AreaFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <textarea {...area} {...control} className={`${INPUT} py-1.5 ${className ?? ""}`} />}
    </Field>
  );
}

type SelectFieldProps = Omit<FieldProps, "children"> & ComponentProps<"select">;

/** The browser's own list: it works with every keyboard, screen reader and phone. */
export function SelectField({ label, hint, error, className, children, ...select }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select {...select} {...control} className={`${INPUT} h-8 pr-8 max-sm:h-10 ${className ?? ""}`}>
          {children}
        </select>
      )}
    </Field>
  );
}
