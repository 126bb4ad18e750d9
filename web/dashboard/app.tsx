import { Tooltip } from "radix-ui";
import { type ReactNode, useEffect } from "react";
import { SetupPage } from "./account/setup-page.tsx";
import { SignInPage } from "./account/sign-in-page.tsx";
import { whenSignedOut } from "./api/client.ts";
import { forgetSession, keepTenantValid, useSession } from "./api/session.ts";
import { useTenantId } from "./api/tenant.ts";
import type { SessionBody } from "./api/types.ts";
import { ConversationsPage } from "./conversations/conversations-page.tsx";
import { HomePage } from "./home/home-page.tsx";
import { DocumentPage } from "./knowledge/document-page.tsx";
import { KnowledgePage } from "./knowledge/knowledge-page.tsx";
import { navigate, useLocation } from "./router/history.ts";
import { LeaveDialog } from "./router/leave-dialog.tsx";
import { Link } from "./router/link.tsx";
import { matchRoute, type Route, signInPath } from "./router/routes.ts";
import { SettingsPage } from "./settings/settings-page.tsx";
import { Shell } from "./shell.tsx";
import { TryPage } from "./try/try-page.tsx";
import { buttonClass, Spinner } from "./ui/button.tsx";
import { ErrorBoundary } from "./ui/error-boundary.tsx";
import { Empty, ErrorNotice } from "./ui/notice.tsx";
import { Page } from "./ui/page.tsx";

export function App() {
  const location = useLocation();
  const [path = "/"] = location.split("#");
  const [pathname = "/", search = ""] = path.split(/(?=\?)/);
  const route = matchRoute(pathname, search);
  return (
    <Tooltip.Provider delayDuration={200}>
      <ErrorBoundary key={route.page}>
        {route.page === "setup" ? (
          <SetupPage token={route.token} />
        ) : (
          <Gate route={route} location={location} />
        )}
      </ErrorBoundary>
      <LeaveDialog />
    </Tooltip.Provider>
  );
}

/** Lets only a signed-in person through, and brings everyone else back here after signing in. */
function Gate({ route, location }: { readonly route: Route; readonly location: string }) {
  const session = useSession();
  useEffect(() => whenSignedOut(forgetSession), []);
  const person = session.data;
  const target = whereTo(route, location, person);
  useEffect(() => {
    if (target !== undefined) navigate(target, { replace: true });
  }, [target]);
  if (session.error && person === undefined) {
    return (
      <div className="mx-auto max-w-md px-6 py-24">
        <ErrorNotice
          title="The dashboard could not start"
          error={session.error}
          retrying={session.isFetching}
          onRetry={() => void session.refetch()}
        />
      </div>
    );
  }
  if (person === undefined || target !== undefined) return <Starting />;
  if (person === null) return <SignInPage />;
  return <SignedIn session={person} route={route} />;
}

function Starting() {
  return (
    <main
      aria-busy="true"
      className="late grid h-dvh place-content-center justify-items-center gap-2 text-muted"
    >
      <Spinner />
      <h1 className="text-sm">Loading</h1>
    </main>
  );
}

function whereTo(route: Route, location: string, person: SessionBody | null | undefined): string | undefined {
  if (person === undefined) return undefined;
  if (route.page === "sign-in") return person === null ? undefined : route.returnTo;
  return person === null ? signInPath(location) : undefined;
}

function SignedIn({ session, route }: { readonly session: SessionBody; readonly route: Route }) {
  const tenant = useTenantId();
  const known = session.tenants.some((item) => item.id === tenant);
  useEffect(() => keepTenantValid(session), [session]);
  if (session.tenants.length === 0) {
    return (
      <Empty icon={null} title="No business yet">
        Your account belongs to no business on this appliance. Ask its operator to add you.
      </Empty>
    );
  }
  if (!known) return null;
  return (
    <Shell key={tenant} session={session} page={route.page}>
      <ErrorBoundary key={`${route.page} ${tenant}`}>{pageOf(route)}</ErrorBoundary>
    </Shell>
  );
}

function pageOf(route: Route): ReactNode {
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "knowledge":
      return route.part === "document" ? (
        <DocumentPage key={route.id} id={route.id} />
      ) : (
        <KnowledgePage part={route.part} />
      );
    case "try":
      return <TryPage />;
    case "conversations":
      return <ConversationsPage selected={route.id} />;
    case "settings":
      return <SettingsPage />;
    default:
      return (
        <Page title="There is nothing at this address">
          <Link href="/" className={buttonClass({ look: "primary" })}>
            Go to the start
          </Link>
        </Page>
      );
  }
}
