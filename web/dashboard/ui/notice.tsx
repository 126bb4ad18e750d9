import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { Button } from "./button.tsx";

interface ErrorNoticeProps {
  /** What could not be done, e.g. "The documents could not be loaded". */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly retrying?: boolean;
  readonly compact?: boolean;
}

export function describeError(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return "Something in this page did not work. Try again; if it stays, reload the page.";
}

/** What, why, what to do, and small the id that finds it in the server's log. */
export function ErrorNotice({ title, error, onRetry, retrying = false, compact = false }: ErrorNoticeProps) {
  const requestId = error instanceof ApiError ? error.requestId : "";
  return (
    <div
      role="alert"
      className={`flex max-w-2xl items-start gap-3 rounded-card border border-failed-line bg-failed-soft text-sm ${compact ? "p-3" : "p-4"}`}
    >
      <CircleAlert size={16} className="mt-0.5 shrink-0 text-failed" aria-hidden="true" />
      <div className="grid min-w-0 gap-1">
        <p className="font-medium">{title}</p>
        <p className="break-words">{describeError(error)}</p>
        {requestId !== "" && <p className="font-mono text-xs break-all text-muted">Request {requestId}</p>}
        {onRetry && (
          <div className="mt-1.5">
            <Button size="small" busy={retrying} onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** One sentence that teaches and one thing to do. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto grid max-w-md justify-items-center gap-2 px-6 py-14 text-center">
      <span className="mb-1 grid size-10 place-items-center rounded-card border border-line text-muted">
        {icon}
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="text-base text-pretty text-muted">{children}</div>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
