/** The edits that really differ from what is saved; an edit that was undone by hand is none. */
export function realEdits<T extends object>(saved: T, edits: Partial<T>): Partial<T> {
  const real: Partial<T> = {};
  for (const key of Object.keys(edits) as (keyof T)[]) {
    const value = edits[key];
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(saved[key])) real[key] = value;
  }
  return real;
}

export function hasEdits(edits: object): boolean {
  return Object.keys(edits).length > 0;
}
