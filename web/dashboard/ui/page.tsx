import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly action?: ReactNode;
  /** Links to the parts of the page, between its head and its content. */
  readonly tabs?: ReactNode;
  /** What the browser's tab says instead of the title. */
  readonly name?: string;
  readonly children: ReactNode;
}

/** Names the browser tab and gives the page's title the focus when the person arrives on it. */
export function usePageTitle(name: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} · MetaChat`;
  }, [name]);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest("nav")) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return heading;
}

export function Page({ title, intro, action, tabs, name = title, children }: PageProps) {
  const heading = usePageTitle(name);
  return (
    <div className="mx-auto w-full max-w-[1120px] px-8 pt-8 pb-16 max-sm:px-4 max-sm:pt-5">
      <header
        className={`${tabs ? "mb-4" : "mb-6"} flex flex-wrap items-start justify-between gap-x-6 gap-y-3`}
      >
        <div className="min-w-0">
          <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
            {title}
          </h1>
          {intro && <p className="mt-1 max-w-2xl text-base text-pretty text-muted">{intro}</p>}
        </div>
        {action && <div className="flex flex-wrap gap-2">{action}</div>}
      </header>
      {tabs}
      {children}
    </div>
  );
}

export function Card({
  children,
  className = "",
}: {
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return <div className={`rounded-card border border-line bg-raised ${className}`}>{children}</div>;
}
