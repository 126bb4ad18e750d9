import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { type PdfLineSpec, pdfFile } from "./test-files.fixture.ts";

type Cells = readonly (string | undefined)[];

/** Rows from the top down, their cells at the same places. */
function table(rows: readonly Cells[], xs: readonly number[], top = 640, step = 18): PdfLineSpec[] {
  return rows.flatMap((cells, row) =>
    cells.flatMap((text, column) =>
      text === undefined ? [] : [{ text, x: xs[column] ?? 0, y: top - row * step }],
    ),
  );
}

async function blocksOf(...pages: (readonly PdfLineSpec[])[]): Promise<[string, string][]> {
  const document = await loadDocument(pdfFile(pages), "a.pdf");
  return document.blocks.map(({ kind, text }) => [kind, text]);
}

async function rowsOf(page: readonly PdfLineSpec[]): Promise<string[]> {
  return (await blocksOf(page)).filter(([kind]) => kind === "table-row").map(([, text]) => text);
}

const HOURS = [
  ["Day", "Opens", "Closes"],
  ["Monday to Friday", "9:00", "18:00"],
  ["Saturday", "10:00", "13:30"],
  ["Sunday", "closed", "closed"],
];

test("a cell of a table is found with its row and its column, and with the page it is on", async () => {
  const before = { text: "We are open six days a week, and by appointment also later than that.", y: 700 };
  const file = pdfFile([[before], [{ ...before, text: "Our hours:" }, ...table(HOURS, [72, 220, 320])]]);
  const document = await loadDocument(file, "a.pdf");
  expect(document.blocks.map(({ kind, text, page }) => [kind, text, page])).toEqual([
    ["paragraph", before.text, 1],
    ["paragraph", "Our hours:", 2],
    ["table-row", "Day: Monday to Friday | Opens: 9:00 | Closes: 18:00", 2],
    ["table-row", "Day: Saturday | Opens: 10:00 | Closes: 13:30", 2],
    ["table-row", "Day: Sunday | Opens: closed | Closes: closed", 2],
  ]);
});

test("names of columns are told by their font where no numbers tell them", async () => {
  const head = table([["Plan", "Support", "Extras"]], [72, 220, 340]).map((cell) => ({
    ...cell,
    bold: true,
  }));
  const body = table(
    [
      ["Basic", "by mail", "none"],
      ["Full", "by phone", "all"],
    ],
    [72, 220, 340],
    622,
  );
  expect(await rowsOf([...head, ...body])).toEqual([
    "Plan: Basic | Support: by mail | Extras: none",
    "Plan: Full | Support: by phone | Extras: all",
  ]);
});

test("cells of several lines are one cell, also where a neighbour stands in the middle of them", async () => {
  const xs = [72, 200, 480];
  const rows = table([
    ["Item", "Description", "Price"],
    ["Lamp", "with a shade of oak and a cable of two metres", "45.00"],
    [undefined, "length, for warm bulbs only"],
  ], xs, 640, 13); // biome-ignore format: a table
  const more = table(
    [
      ["Bulb", "in three colours that change with a button", "9.50"],
      [undefined, "below the shade"],
    ],
    xs,
    590,
    13,
  );
  const middle: PdfLineSpec[] = [
    { text: "Shade", x: 72, y: 553.5 }, { text: "of oak or paper, made by hand in our own", x: 200, y: 560 },
    { text: "workshop in Leeds", x: 200, y: 547 }, { text: "12.00", x: 480, y: 553.5 },
  ]; // biome-ignore format: a row
  expect(await rowsOf([...rows, ...more, ...middle])).toEqual([
    "Item: Lamp | Description: with a shade of oak and a cable of two metres length, for warm bulbs only | Price: 45.00",
    "Item: Bulb | Description: in three colours that change with a button below the shade | Price: 9.50",
    "Item: Shade | Description: of oak or paper, made by hand in our own workshop in Leeds | Price: 12.00",
  ]);
});

test("a table across two columns is read between them and not torn", async () => {
  const prose = "Every Parcel That Leaves Our House Is Packed By Hand".split(" ");
  const line = (index: number): string => `${prose.slice(index % 5, (index % 5) + 6).join(" ")} today.`;
  const columns = (top: number): PdfLineSpec[] =>
    [60, 330].flatMap((x) =>
      Array.from({ length: 8 }, (_, index) => ({ text: line(index), x, y: top - index * 14 })),
    );
  const wide = table(
    [
      ["Zone", "Small", "Medium", "Large"],
      ["Home", "3.50", "5.00", "9.00"],
      ["Abroad", "8.00", "12.00", "20.00"],
    ],
    [60, 200, 380, 500],
    560,
  );
  const blocks = await blocksOf([...columns(720), ...wide, ...columns(480)]);
  const rows = blocks.filter(([kind]) => kind === "table-row").map(([, text]) => text);
  expect(rows).toEqual([
    "Zone: Home | Small: 3.50 | Medium: 5.00 | Large: 9.00",
    "Zone: Abroad | Small: 8.00 | Medium: 12.00 | Large: 20.00",
  ]);
  const at = blocks.findIndex(([kind]) => kind === "table-row");
  const words = (part: readonly [string, string][]): number =>
    part
      .map(([, text]) => text)
      .join(" ")
      .split("today").length - 1;
  expect([words(blocks.slice(0, at)), words(blocks.slice(at))]).toEqual([16, 16]);
});

test("running text, lists and numbered lines are never torn into cells", async () => {
  const spaced = ["guests who arrive", "late find the key", "in the box by the", "door of the house"].map(
    (text) => text.split(" "),
  );
  const wide = spaced.flatMap((words, row) => {
    const [a = "", b = "", ...rest] = words;
    return [
      { text: a, x: 72, y: 640 - row * 14 },
      { text: b, x: 125, y: 640 - row * 14 },
      { text: rest.join(" "), x: 170, y: 640 - row * 14 },
    ];
  });
  const marks = ["1.", "2.", "3.", "4."].flatMap((mark, row) => [
    { text: mark, x: 72, y: 500 - row * 18 },
    { text: `Press the button ${row} times and wait.`, x: 100, y: 500 - row * 18 },
  ]);
  const blocks = await blocksOf([...wide, ...marks]);
  expect(blocks.filter(([kind]) => kind === "table-row")).toEqual([]);
  expect(blocks.filter(([kind]) => kind === "list-item").map(([, text]) => text)[1]).toBe(
    "2. Press the button 1 times and wait.",
  );
});

test("names over several columns stand before those below them", async () => {
  const over = [
    { text: "Summer season prices", x: 210, y: 658 },
    { text: "Winter season prices", x: 410, y: 658 },
  ];
  const rows = table(
    [
      ["Area", "Adults", "Children", "Adults", "Children"],
      ["Pool", "8.00", "4.00", "6.00", "3.00"],
      ["Sauna", "19.00", "9.00", "15.00", "7.00"],
      ["Gym", "5.00", "2.00", "4.00", "2.00"],
    ],
    [72, 200, 290, 400, 490],
  );
  expect((await rowsOf([...over, ...rows]))[0]).toBe(
    "Area: Pool | Summer season prices › Adults: 8.00 | Summer season prices › Children: 4.00 | Winter season prices › Adults: 6.00 | Winter season prices › Children: 3.00",
  );
});
