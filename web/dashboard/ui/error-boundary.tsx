import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** One page that breaks must not take the others with it. Give it a `key` that changes with the page. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div role="alert" className="mx-auto grid max-w-md gap-2 px-6 py-16">
        <h1 className="text-lg font-semibold">This page stopped working</h1>
        <p className="text-base text-muted">
          Nothing you saved is lost. Try again, or reload the page if it happens twice.
        </p>
        <p className="font-mono text-xs break-words text-muted">{error.message}</p>
        <div className="mt-2 flex gap-2">
          <Button look="primary" onClick={() => this.setState({ error: null })}>
            Try again
          </Button>
          <Button onClick={() => window.location.reload()}>Reload the page</Button>
        </div>
      </div>
    );
  }
}
