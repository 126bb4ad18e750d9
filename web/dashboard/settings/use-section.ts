import { useEffect, useState } from "react";
import { useLeaveGuard } from "../router/history.ts";
import { hasEdits, realEdits } from "./edits.ts";

/**
 * The form of one section: what is saved with the edits over it. Only the edits are kept, so that a newer saved
 * state shows through everywhere it was not edited.
 */
export function useSection<T extends object>(name: string, saved: T) {
  const [edits, setEdits] = useState<Partial<T>>({});
  const [savedNow, setSavedNow] = useState(false);
  const changes = realEdits(saved, edits);
  const dirty = hasEdits(changes);
  useLeaveGuard(dirty, name);
  useEffect(() => {
    if (!savedNow) return;
    const timer = setTimeout(() => setSavedNow(false), 6_000);
    return () => clearTimeout(timer);
  }, [savedNow]);
  return {
    value: { ...saved, ...edits },
    changes,
    dirty,
    savedNow: savedNow && !dirty,
    edit: (part: Partial<T>) => setEdits((before) => ({ ...before, ...part })),
    undo: () => setEdits({}),
    /** To be called once the server has agreed. */
    done: () => {
      setEdits({});
      setSavedNow(true);
    },
  };
}
