import { BookOpen, Building2, FlaskConical, House, Inbox, Settings } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { AccountMenu } from "./account/account-menu.tsx";
import { ThemeSwitch } from "./account/theme-switch.tsx";
import { useWaitingCount } from "./api/conversations.ts";
import { useTenantId } from "./api/tenant.ts";
import type { SessionBody } from "./api/types.ts";
import { Link } from "./router/link.tsx";
import type { Route } from "./router/routes.ts";

type Icon = ComponentType<{ size?: number; className?: string; "aria-hidden"?: "true" }>;
interface Place {
  readonly page: Route["page"];
  readonly href: string;
  readonly label: string;
  /** For the bottom bar, where five names share the width of a phone. */
  readonly short?: string;
  readonly icon: Icon;
}

const PLACES: readonly Place[] = [
  { page: "home", href: "/", label: "Home", icon: House },
  { page: "conversations", href: "/conversations", label: "Conversations", short: "Chats", icon: Inbox },
  { page: "knowledge", href: "/knowledge", label: "Knowledge", icon: BookOpen },
  { page: "try", href: "/try", label: "Try it", icon: FlaskConical },
  { page: "settings", href: "/settings", label: "Settings", icon: Settings },
];

interface ShellProps {
  readonly session: SessionBody;
  readonly page: Route["page"];
  readonly children: ReactNode;
}

/** Navigation at the left, at the bottom on phones, and the page beside it. */
export function Shell({ session, page, children }: ShellProps) {
  const chosen = useTenantId();
  const tenant = session.tenants.find((item) => item.id === chosen);
  return (
    <div className="flex h-dvh max-md:flex-col">
      <a
        href="#page"
        className="sr-only z-50 rounded-control bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-raised px-3 md:hidden">
        <Building2 size={16} className="shrink-0 text-muted" aria-hidden="true" />
        <span className="min-w-0 flex-1 truncate font-semibold">{tenant?.name}</span>
        <AccountMenu session={session} compact />
      </header>
      <Navigation session={session} page={page} tenantName={tenant?.name ?? ""} />
      <main id="page" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        {children}
      </main>
      <BottomBar page={page} />
    </div>
  );
}

function Navigation({
  session,
  page,
  tenantName,
}: Omit<ShellProps, "children"> & { readonly tenantName: string }) {
  return (
    <header className="flex w-[216px] shrink-0 flex-col border-r border-line bg-raised p-3 max-md:hidden">
      <div className="mb-4 flex min-h-9 items-start gap-2 px-2 pt-1.5">
        <Building2 size={16} className="mt-0.5 shrink-0 text-muted" aria-hidden="true" />
        <span className="line-clamp-3 font-semibold break-words" title={tenantName}>
          {tenantName}
        </span>
      </div>
      <nav aria-label="Main" className="grid gap-0.5">
        {PLACES.map((place) => (
          <Link
            key={place.page}
            href={place.href}
            aria-current={place.page === page ? "page" : undefined}
            className="flex h-8 items-center gap-2.5 rounded-control px-2 font-medium text-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:text-ink"
          >
            <place.icon size={16} aria-hidden="true" />
            {place.label}
            {place.page === "conversations" && <WaitingBadge />}
          </Link>
        ))}
      </nav>
      <div className="mt-auto grid grid-cols-1 gap-2">
        <ThemeSwitch />
        <AccountMenu session={session} />
      </div>
    </header>
  );
}

function BottomBar({ page }: { readonly page: Route["page"] }) {
  return (
    <nav
      aria-label="Main"
      className="grid shrink-0 grid-cols-5 border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {PLACES.map((place) => (
        <Link
          key={place.page}
          href={place.href}
          aria-current={place.page === page ? "page" : undefined}
          className="relative grid h-14 min-w-0 content-center justify-items-center gap-0.5 text-muted aria-[current=page]:text-accent-text"
        >
          <place.icon size={20} aria-hidden="true" />
          <span className="max-w-full truncate text-[0.6875rem] font-medium">
            {place.short ?? place.label}
          </span>
          {place.page === "conversations" && <WaitingBadge floating />}
        </Link>
      ))}
    </nav>
  );
}

function WaitingBadge({ floating = false }: { readonly floating?: boolean }) {
  const { data } = useWaitingCount();
  if (data === undefined || data.count === 0) return null;
  const place = floating ? "absolute top-1 left-1/2 ml-1" : "ml-auto";
  return (
    <span
      className={`${place} rounded-full bg-handed-soft px-1.5 text-xs font-semibold text-handed tabular-nums`}
    >
      {data.count}
      {data.more && "+"}
      <span className="sr-only"> waiting for a person</span>
    </span>
  );
}
