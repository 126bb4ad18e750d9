import { describe, expect, test } from "bun:test";
import { allItems, mapItem, removeItem } from "./pages.ts";

const data = {
  pages: [
    {
      items: [
        { id: "a", name: "A" },
        { id: "b", name: "B" },
      ],
      nextCursor: "2",
    },
    { items: [{ id: "c", name: "C" }], nextCursor: null },
  ],
  pageParams: [undefined, "2"],
};

describe("changes to an endless list", () => {
  test("change one item on whichever page it is and leave the data they came from alone", () => {
    const changed = mapItem(data, "c", (item) => ({ ...item, name: "Z" }));
    expect(changed.pages[1]?.items).toEqual([{ id: "c", name: "Z" }]);
    expect(changed.pages[0]).toEqual(data.pages[0] ?? { items: [], nextCursor: null });
    expect(data.pages[1]?.items[0]?.name).toBe("C");
  });

  test("take one item out and keep the cursors", () => {
    const changed = removeItem(data, "a");
    expect(allItems(changed.pages).map((item) => item.id)).toEqual(["b", "c"]);
    expect(changed.pages.map((page) => page.nextCursor)).toEqual(["2", null]);
  });

  test("show an item that moved between two pages once", () => {
    const pages = [...data.pages, { items: [{ id: "a", name: "A" }], nextCursor: null }];
    expect(allItems(pages).map((item) => item.id)).toEqual(["a", "b", "c"]);
    expect(allItems(undefined)).toEqual([]);
  });
});
