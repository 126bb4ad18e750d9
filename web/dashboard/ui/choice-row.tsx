interface ChoiceRowProps<T extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** One of a few, side by side. */
export function ChoiceRow<T extends string>({ label, choices, value, onChoose }: ChoiceRowProps<T>) {
  return (
    <fieldset className="flex w-fit max-w-full flex-wrap gap-1 rounded-control border border-line p-0.5">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChoose(choice.value)}
          className="h-7 rounded-[4px] px-2.5 text-xs font-medium text-muted hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-accent-text max-sm:h-9"
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
