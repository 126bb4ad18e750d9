import { Search } from "lucide-react";
import { INPUT } from "./field.tsx";

interface SearchFieldProps {
  /** Says what is searched; stands in the empty field too. */
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onChange: (value: string) => void;
}

export function SearchField({ label, value, maxLength, onChange }: SearchFieldProps) {
  return (
    <div className="relative">
      <Search
        size={14}
        aria-hidden="true"
        className="absolute top-1/2 left-2.5 -translate-y-1/2 text-muted"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={maxLength}
        onChange={(event) => onChange(event.target.value)}
        className={`${INPUT} h-8 pl-8 max-sm:h-10`}
      />
    </div>
  );
}
