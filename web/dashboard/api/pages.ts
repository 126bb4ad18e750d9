/** Pure changes to the pages of an endless list, for updates that show before the server has agreed. */
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
interface Pages<T, P> {
  pages: Page<T>[];
  pageParams: P[];
}

export function mapItem<T extends { readonly id: string }, P>(
  data: Pages<T, P>,
  id: string,
  change: (item: T) => T,
): Pages<T, P> {
  return {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === id ? change(item) : item)),
    })),
  };
}

export function removeItem<T extends { readonly id: string }, P>(data: Pages<T, P>, id: string): Pages<T, P> {
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
  };
}

/** Polling can move an item from one page to the next; it is shown once. */
export function allItems<T extends { readonly id: string }>(
  pages: readonly Page<T>[] | undefined,
): readonly T[] {
  const seen = new Map<string, T>();
  for (const page of pages ?? [])
    for (const item of page.items) if (!seen.has(item.id)) seen.set(item.id, item);
  return [...seen.values()];
}
