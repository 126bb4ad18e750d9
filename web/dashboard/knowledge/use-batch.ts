import { useEffect, useRef, useState } from "react";
import { refreshDocuments } from "../api/documents.ts";
import { type BatchState, runBatch } from "./batch.ts";

export interface Batch<T> {
  /** `undefined`: not begun. */
  readonly state: BatchState<T> | undefined;
  readonly running: boolean;
  readonly start: (items: readonly T[]) => Promise<BatchState<T>>;
  readonly stop: () => void;
}

/** Runs an act on many documents and keeps what became of it; stops with the component. */
export function useBatch<T>(act: (item: T) => Promise<unknown>): Batch<T> {
  const [state, setState] = useState<BatchState<T>>();
  const [running, setRunning] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const start = async (items: readonly T[]) => {
    stop.current = new AbortController();
    setRunning(true);
    setState({ total: items.length, done: 0, failures: [] });
    const end = await runBatch(items, act, setState, stop.current.signal);
    setRunning(false);
    await refreshDocuments();
    return end;
  };
  return { state, running, start, stop: () => stop.current.abort() };
}
