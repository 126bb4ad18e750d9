import type { ReactNode } from "react";
import { Link } from "../router/link.tsx";

export interface TabLink {
  readonly href: string;
  readonly label: string;
  /** For phones. */
  readonly short?: string;
  /** A number beside the name. */
  readonly badge?: ReactNode;
  readonly current: boolean;
}

/** The parts of a page, each with an address of its own; on a phone the row can be pushed sideways. */
export function TabLinks({ label, tabs }: { readonly label: string; readonly tabs: readonly TabLink[] }) {
  return (
    <nav aria-label={label} className="mb-5 border-b border-line max-sm:-mx-4 max-sm:px-4">
      <ul className="-mb-px flex gap-x-1 overflow-x-auto [scrollbar-width:none]">
        {tabs.map(({ href, label: name, short, badge, current }) => (
          <li key={href} className="shrink-0">
            <Link
              href={href}
              aria-current={current ? "page" : undefined}
              className="flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2.5 font-medium -outline-offset-2 text-muted first:pl-1 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink max-sm:h-11 max-sm:px-2"
            >
              <span className={short === undefined ? "" : "max-sm:hidden"}>{name}</span>
              {short !== undefined && <span className="sm:hidden">{short}</span>}
              {badge}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
