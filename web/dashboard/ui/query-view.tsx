import type { ReactNode } from "react";
import { ErrorNotice } from "./notice.tsx";

interface QueryLike<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

interface QueryViewProps<T> {
  readonly query: QueryLike<T>;
  readonly skeleton: ReactNode;
  /** What could not be loaded, as a sentence. */
  readonly failure: string;
  readonly children: (data: T) => ReactNode;
}

/**
 * Loading, error or full. Data that is there stays there when a later poll fails, with the failure above it.
 */
export function QueryView<T>({ query, skeleton, failure, children }: QueryViewProps<T>) {
  const retry = () => void query.refetch();
  const problem = query.error && (
    <ErrorNotice title={failure} error={query.error} onRetry={retry} retrying={query.isFetching} />
  );
  if (query.data === undefined) {
    if (problem) return <div className="py-2">{problem}</div>;
    return (
      <div className="late" aria-busy="true">
        <span className="sr-only">Loading</span>
        {skeleton}
      </div>
    );
  }
  return (
    <>
      {problem && <div className="mb-4">{problem}</div>}
      {children(query.data)}
    </>
  );
}

export function Skeleton({ className = "" }: { readonly className?: string }) {
  return <span aria-hidden="true" className={`pulse block rounded-control bg-line ${className}`} />;
}

const ROWS = ["a", "b", "c", "d", "e"] as const;

export function SkeletonRows({ height = "h-10" }: { readonly height?: string }) {
  return (
    <div className="divide-y divide-line">
      {ROWS.map((row, at) => (
        <div key={row} className={`flex items-center gap-4 px-3 ${height}`}>
          <Skeleton className={`h-3 ${at % 2 === 0 ? "w-2/5" : "w-1/3"}`} />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
