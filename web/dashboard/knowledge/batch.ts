/** The same act on many things, a few at a time. Pure but for the acts themselves. */
const AT_ONCE = 3;

export interface BatchFailure<T> {
  readonly item: T;
  readonly error: unknown;
}

export interface BatchState<T> {
  readonly total: number;
  readonly done: number;
  readonly failures: readonly BatchFailure<T>[];
}

/** Tells of every item that ends; one that fails does not stop the others. Stops between items when aborted. */
export async function runBatch<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  onProgress: (state: BatchState<T>) => void,
  signal: AbortSignal,
): Promise<BatchState<T>> {
  const failures: BatchFailure<T>[] = [];
  const waiting = [...items];
  let done = 0;
  const state = (): BatchState<T> => ({ total: items.length, done, failures: [...failures] });
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined && !signal.aborted; item = waiting.shift()) {
      try {
        await act(item);
      } catch (error) {
        failures.push({ item, error });
      }
      done += 1;
      onProgress(state());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return state();
}
