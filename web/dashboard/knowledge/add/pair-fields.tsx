import { AreaField, TextField } from "../../ui/field.tsx";

interface PairFieldProps {
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function QuestionField({ hint, value, onChange }: PairFieldProps) {
  return (
    <TextField
      label="Question"
      hint={hint}
      required
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function AnswerField({ hint, value, onChange }: PairFieldProps) {
  return (
    <AreaField
      label="Answer"
      hint={hint}
      required
      rows={5}
      maxLength={10_000}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
