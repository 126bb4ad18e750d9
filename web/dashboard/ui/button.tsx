import type { ComponentProps, MouseEvent, ReactNode } from "react";

type Look = "primary" | "plain" | "quiet" | "danger";

const BASE =
  "relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap " +
  "transition-colors duration-150 select-none aria-disabled:cursor-default";

const LOOKS: Readonly<Record<Look, string>> = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-strong aria-disabled:hover:bg-accent",
  plain: "border-edge bg-raised text-ink hover:bg-hover aria-disabled:hover:bg-raised",
  quiet: "border-transparent bg-transparent text-muted hover:bg-hover hover:text-ink",
  danger: "border-transparent bg-failed text-on-failed hover:opacity-90",
};

const SIZES = {
  normal: "h-8 px-3 text-sm max-sm:h-10",
  small: "h-7 px-2 text-xs max-sm:h-9",
  icon: "size-8 max-sm:size-10",
} as const;

export interface ButtonLook {
  readonly look?: Look;
  readonly size?: keyof typeof SIZES;
}

export function buttonClass({ look = "plain", size = "normal" }: ButtonLook, extra = ""): string {
  return `${BASE} ${LOOKS[look]} ${SIZES[size]} ${extra}`;
}

/** Nothing to press now: readable, but clearly not an offer. */
function offClass({ size = "normal" }: ButtonLook, extra = ""): string {
  return `${BASE} border-transparent bg-hover text-muted ${SIZES[size]} ${extra}`;
}

interface ButtonProps extends ButtonLook, Omit<ComponentProps<"button">, "disabled"> {
  /** The work the button started is going on: it says so and takes no second press. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

/** Stays focusable while disabled or busy, so that the keyboard does not lose its place. */
export function Button({
  look,
  size,
  busy = false,
  disabled = false,
  onClick,
  className,
  ...rest
}: ButtonProps) {
  const off = busy || disabled;
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) event.preventDefault();
    else onClick?.(event);
  };
  const appearance: ButtonLook = { ...(look && { look }), ...(size && { size }) };
  return (
    <button
      type="button"
      {...rest}
      className={disabled && !busy ? offClass(appearance, className) : buttonClass(appearance, className)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      onClick={press}
    >
      {busy && <Spinner />}
      {rest.children}
    </button>
  );
}

/** Fades in after 150 ms: quick work shows nothing. */
export function Spinner() {
  return (
    <span aria-hidden="true" className="late grid size-4 place-items-center">
      <span className="spin size-3.5 rounded-full border-2 border-current border-r-transparent" />
    </span>
  );
}
