interface ProgressBarProps {
  /** 0..1 */
  readonly value: number;
  readonly label: string;
  /** As wide as there is room. */
  readonly wide?: boolean;
}

export function ProgressBar({ value, label, wide = false }: ProgressBarProps) {
  const percent = Math.round(value * 100);
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={`inline-block h-1 shrink-0 overflow-hidden rounded-full bg-line align-middle ${wide ? "w-full" : "w-20"}`}
    >
      <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
    </span>
  );
}
