/** Titles of a document's outline with their level 1..6, by `bookmarkKey`. */
export type Bookmarks = ReadonlyMap<string, number>;

interface OutlineItem {
  readonly title: string;
  readonly items: readonly OutlineItem[];
}

const MOST_BOOKMARKS = 5_000;
const LONGEST_TITLE = 150;

export function bookmarksOf(outline: readonly OutlineItem[]): Bookmarks {
  const bookmarks = new Map<string, number>();
  const add = (items: readonly OutlineItem[], level: number): void => {
    for (const { title, items: below } of items) {
      if (bookmarks.size >= MOST_BOOKMARKS) return;
      const key = bookmarkKey(title);
      if (/\p{L}{2}/u.test(key) && !bookmarks.has(key)) bookmarks.set(key, level);
      if (level < 6) add(below, level + 1);
    }
  };
  add(outline, 1);
  return bookmarks;
}

/** "" for what is too long to be a title. */
export function bookmarkKey(text: string): string {
  if (text.length > LONGEST_TITLE * 2) return "";
  const key = text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  return key.length > LONGEST_TITLE ? "" : key;
}
