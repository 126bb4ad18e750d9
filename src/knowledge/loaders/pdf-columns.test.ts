import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { type PdfAbout, type PdfLineSpec, pdfFile } from "./test-files.fixture.ts";

const LEFT = [
  "Parcels leave our warehouse on the day", "of the order if it comes before noon. All", "other orders are packed the next morning",
  "and handed to the carrier at nine. Islands", "are served twice a week by the ferry from", "the harbour, so a parcel may wait there",
  "for up to three days. Large furniture is", "brought by two people who carry it into", "the room of your choice and take the",
]; // biome-ignore format: lines of a column
const RIGHT = [
  "packaging with them. Damaged goods are", "replaced without any cost to you if you", "tell us within a week. Send a picture of",
  "the damage to our desk and keep the box", "until our carrier has collected it. Claims", "that come later are checked one by one by",
  "the people at our desk. A refund is paid", "to the account that the money came from", "within five working days.",
]; // biome-ignore format: lines of a column
const SENTENCE = "take the packaging with them.";

function column(lines: readonly string[], x: number, top = 640): PdfLineSpec[] {
  return lines.map((text, index) => ({ text, x, y: top - index * 14 }));
}

async function textsOf(pages: readonly (readonly PdfLineSpec[])[], about?: PdfAbout): Promise<string[]> {
  const document = await loadDocument(pdfFile(pages, about), "a.pdf");
  return document.blocks.map((block) => block.text);
}

/** The same order in every run, and no order of reading. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item, index) => ({ item, key: (index * 7919) % 101 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** The same words in lines of half the width. */
function narrow(lines: readonly string[]): string[] {
  const narrowed: string[] = [""];
  for (const word of lines.join(" ").split(" ")) {
    const line = `${narrowed.at(-1)} ${word}`.trim();
    if (line.length <= 24) narrowed[narrowed.length - 1] = line;
    else narrowed.push(word);
  }
  return narrowed;
}

const title: PdfLineSpec = {
  text: "Delivery and returns of everything that we sell in our shop",
  y: 680,
  x: 72,
  size: 16,
};

test("two columns are read one after the other in whatever order they are painted", async () => {
  const left = column(LEFT, 72);
  const right = column(RIGHT, 320);
  const byLines = left.flatMap((line, index) => [line, right[index] ?? line]);
  const orders = [
    [title, ...left, ...right],
    [title, ...byLines],
    [...right, ...left, title],
    shuffled([title, ...left, ...right]),
  ];
  for (const order of orders) {
    const texts = await textsOf([order]);
    expect(texts[0]).toBe(title.text);
    expect(texts.slice(1).join(" ")).toBe([...LEFT, ...RIGHT].join(" "));
    expect(texts.some((text) => text.includes(SENTENCE))).toBe(true);
  }
});

test("a heading across the columns parts them: above it first, then below", async () => {
  const across: PdfLineSpec = {
    text: "What to do when something is missing from your parcel",
    y: 480,
    size: 16,
  };
  const page = [
    ...column(LEFT, 72),
    ...column(RIGHT, 320),
    across,
    ...column(RIGHT, 72, 450),
    ...column(LEFT, 320, 450),
  ];
  const text = (await textsOf([shuffled(page)])).join(" ");
  expect(text).toBe([...LEFT, ...RIGHT, across.text, ...RIGHT, ...LEFT].join(" "));
});

test("three columns are read one after the other", async () => {
  const columns = [narrow(LEFT), narrow(RIGHT), narrow([...RIGHT.slice(3), ...LEFT.slice(0, 3)])];
  const page = columns.flatMap((lines, index) => column(lines, 60 + index * 170));
  const text = (await textsOf([shuffled(page)])).join(" ");
  expect(text).toBe(columns.flat().join(" "));
});

test("header and footer do not stand between the columns", async () => {
  const page: PdfLineSpec[] = [
    { text: "Lumen shop", x: 72, y: 760 }, { text: "Terms of sale", x: 450, y: 760 },
    ...column(LEFT, 72), ...column(RIGHT, 320),
    { text: "Printed in Leeds", x: 72, y: 30 }, { text: "Page 3 of 9", x: 450, y: 30 },
  ]; // biome-ignore format: a page
  const texts = await textsOf([page]);
  expect(texts.some((text) => text.includes(SENTENCE))).toBe(true);
  expect(texts[0]).toContain("Lumen shop");
  expect(texts.at(-1)).toContain("Page 3 of 9");
});

test("one column that is painted from the bottom up is read from the top down", async () => {
  expect((await textsOf([column(LEFT, 72).toReversed()])).join(" ")).toBe(LEFT.join(" "));
});

test("boxes side by side that are no columns keep the order in which they are painted", async () => {
  const box = (name: string, x: number): PdfLineSpec[] =>
    column([`${name} one`, `${name} two`, `${name} three`], x);
  expect((await textsOf([[...box("Left", 72), ...box("Right", 320)]])).join(" ")).toBe(
    "Left one Left two Left three Right one Right two Right three",
  );
});

test("a sentence goes on over a footnote and over the end of a page", async () => {
  const note: PdfLineSpec = { text: "1 Not on public holidays.", y: 100, size: 8 };
  const texts = await textsOf([
    [{ text: "Our desk answers calls from nine in the morning until", y: 140 }, note],
    [{ text: "six in the evening on every working day.", y: 720 }],
  ]);
  expect(texts).toEqual([
    "Our desk answers calls from nine in the morning until six in the evening on every working day.",
    note.text,
  ]);
});

test("pages that are turned, and text that is turned with them, are read like others", async () => {
  const turned = LEFT.map((text, index) => ({ text, x: 100 + index * 14, y: 100, angle: 90 }));
  expect((await textsOf([turned], { rotate: 90 })).join(" ")).toBe(LEFT.join(" "));
  const stamp: PdfLineSpec = { text: "Draft of May", x: 30, y: 300, angle: 90 };
  const [first = "", ...rest] = await textsOf([[stamp, ...column(LEFT, 72)]]);
  expect(`${first} ${rest.join(" ")}`).toBe(`${LEFT.join(" ")} ${stamp.text}`);
});

test("bookmarks are headings even where their font is that of the text", async () => {
  const page = [
    { text: "Refunds", y: 700 },
    { text: "Money comes back within five days.", y: 660 },
  ];
  const document = await loadDocument(pdfFile([page], { bookmarks: ["Refunds", "Warranty"] }), "a.pdf");
  expect(document.blocks.map(({ kind, level, text }) => [kind, level, text])).toEqual([
    ["heading", 1, "Refunds"],
    ["paragraph", undefined, "Money comes back within five days."],
  ]);
});
