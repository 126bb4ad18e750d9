import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { bytesOf, outline } from "./test-files.fixture.ts";

async function outlineOf(source: string | Uint8Array, fileName: string): Promise<string[]> {
  return outline(await loadDocument(typeof source === "string" ? bytesOf(source) : source, fileName));
}

test("each row of a table is said with the names of its columns", async () => {
  const source = 'question,answer\n"When do you open?","At nine,\ndaily."\nWhere?,"In the ""old"" town"\n';
  expect(await outlineOf(source, "faq.csv")).toEqual([
    "table-row: question: When do you open? | answer: At nine, daily.",
    'table-row: question: Where? | answer: In the "old" town',
  ]);
});

test.each([
  [";", "Name;Preis\nLampe;5,00\nTisch;9,50\n"],
  ["tab", "Name\tPreis\nLampe\t5,00\nTisch\t9,50\n"],
  ["pipe", "Name|Preis\nLampe|5,00\nTisch|9,50\n"],
  ["declared ;", "sep=;\nName;Preis\nLampe;5,00\nTisch;9,50\n"],
  ["comma", 'Name,Preis\nLampe,"5,00"\nTisch,"9,50"\n'],
])("a separator is recognised: %s", async (_, source) => {
  const rows = ["table-row: Name: Lampe | Preis: 5,00", "table-row: Name: Tisch | Preis: 9,50"];
  expect(await outlineOf(source, "a.csv")).toEqual(rows);
  expect(await outlineOf(Buffer.from(`\uFEFF${source}`, "utf16le"), "a.csv")).toEqual(rows);
});

test("lines above a table are text, and empty columns are left out", async () => {
  const source = "Prices of 2026,,\n,,\n,Size,Price\n,S,5\n,L,9\n";
  expect(await outlineOf(source, "a.csv")).toEqual([
    "paragraph: Prices of 2026",
    "table-row: Size: S | Price: 5",
    "table-row: Size: L | Price: 9",
  ]);
});

test("a first row whose values come again below names no columns", async () => {
  expect(await outlineOf("Alice;Berlin\nBob;Paris\nCarol;Berlin\n", "a.csv")).toEqual([
    "table-row: Alice | Berlin",
    "table-row: Bob | Paris",
    "table-row: Carol | Berlin",
  ]);
});

test("broken quoting costs the row its cells at most, and no other row anything", async () => {
  const source = 'name,size,note\nLamp,5",tall\n"Desk,3,open\nChair,2,ok\n"Sofa, big",9,"two\nlines"\n';
  expect(await outlineOf(source, "a.csv")).toEqual([
    'table-row: name: Lamp | size: 5" | note: tall',
    'table-row: name: "Desk | size: 3 | note: open',
    "table-row: name: Chair | size: 2 | note: ok",
    "table-row: name: Sofa, big | size: 9 | note: two lines",
  ]);
});

test("a hundred thousand rows are read", async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `${index},"Lamp, no. ${index}",${index / 2}`);
  const document = await loadDocument(bytesOf(`id,name,price\n${rows.join("\n")}`), "a.csv");
  expect(document.blocks).toHaveLength(100_000);
  expect(document.blocks.at(-1)?.text).toBe("id: 99999 | name: Lamp, no. 99999 | price: 49999.5");
});

test("questions and articles in JSON become headings with their text, also from HTML", async () => {
  const source = JSON.stringify([
    { question: "When open?", answer: "9 to 5", tags: ["a", "b"] },
    { q: "Where?", a: "<p>At <b>home</b>:</p><ul><li>door</li></ul>" },
    { id: 7, title: "Returns", body: "Send it.\n\nWe pay." },
  ]);
  const document = await loadDocument(bytesOf(`\uFEFF${source}`), "faq.dat");
  expect(document.format).toBe("json");
  expect(document.title).toBeUndefined();
  expect(outline(document)).toEqual([
    "heading1: When open?",
    "paragraph: 9 to 5",
    "table-row: tags: a, b",
    "heading1: Where?",
    "paragraph: At home:",
    "list-item: door",
    "heading1: Returns",
    "paragraph: Send it.",
    "paragraph: We pay.",
    "table-row: id: 7",
  ]);
});

test("records, nested objects and lists keep their names, and numbers all their digits", async () => {
  const source = `{
    // people write comments
    "name": "Lumen",
    "hours": {"mon": "9-5"},
    "products": [{"id": 12345678901234567890, "size": {"w": 1, "h": 2.50}, "tags": ["x", "y"], "sold": null},],
    "steps": ["Pack it", {"note": "Post it"}],
    "matrix": [["Size", "Price"], ["S", "5"]]
  }`;
  const document = await loadDocument(bytesOf(source), "shop.json");
  expect(document.title).toBe("Lumen");
  expect(outline(document)).toEqual([
    "heading1: Lumen",
    "table-row: hours.mon: 9-5",
    "heading2: products",
    "table-row: id: 12345678901234567890 | size.w: 1 | size.h: 2.50 | tags: x, y",
    "heading2: steps",
    "list-item: Pack it",
    "table-row: note: Post it",
    "heading2: matrix",
    "table-row: Size: S | Price: 5",
  ]);
});

test("JSON Lines are read line by line, and broken lines are named", async () => {
  const document = await loadDocument(bytesOf('{"a":1}\n{"a":2}\nnot json\n{"a":3}\n'), "a.jsonl");
  expect(outline(document)).toEqual(["table-row: a: 1", "table-row: a: 2", "table-row: a: 3"]);
  expect(document.note).toBe("1 of 4 lines could not be read: line 3.");
});

test("broken JSON is refused with the place of the mistake", async () => {
  expect(loadDocument(bytesOf('{"a": 1,\n "b": tru}'), "a.json")).rejects.toMatchObject({
    code: "damaged",
    message: expect.stringContaining("line 2, column 7"),
  });
});

test("XML data becomes records with the names of elements and attributes", async () => {
  const source = Buffer.from(
    `<?xml version="1.0" encoding="ISO-8859-1"?><!-- made by hand -->
    <c:catalog xmlns:c="urn:c" version="2"><c:product id="5"><c:name>Lamp&nbsp;X &euro; é</c:name><c:price currency="EUR">5</c:price></c:product>
    <c:product id="6"><c:name>Desk &unknown;</c:name><c:tag>a</c:tag><c:tag>b</c:tag></c:product>
    <c:hours><c:day name="Mon" open="9"/><c:day name="Tue" open="10"/></c:hours></c:catalog>`,
    "latin1",
  );
  expect(await outlineOf(source, "noname")).toEqual([
    "heading1: product",
    "table-row: id: 5 | name: Lamp X € é | price: 5 (currency: EUR)",
    "table-row: id: 6 | name: Desk &unknown; | tag: a, b",
    "heading1: hours",
    "table-row: name: Mon | open: 9",
    "table-row: name: Tue | open: 10",
  ]);
});

test("XML prose is read in its order, with titles, list items and tables", async () => {
  const source = `<book><info><title>Guide</title></info><chapter><title>Returns</title>
    <para>Send it <emphasis>back</emphasis>
    to us.</para><itemizedlist><listitem><para>One</para></listitem><listitem><para>Two</para></listitem></itemizedlist>
    <para>Then wait.</para><table><tgroup><thead><row><entry>Size</entry><entry>Price</entry></row></thead>
    <tbody><row><entry>S</entry><entry>5</entry></row></tbody></tgroup></table></chapter></book>`;
  const document = await loadDocument(bytesOf(source), "a.xml");
  expect(document.title).toBe("Guide");
  expect(outline(document)).toEqual([
    "heading1: Guide",
    "heading1: Returns",
    "paragraph: Send it back to us.",
    "list-item: One",
    "list-item: Two",
    "paragraph: Then wait.",
    "table-row: Size: S | Price: 5",
  ]);
});

test("a feed is its title and its articles, whose HTML is read", async () => {
  const source = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>Open on Sunday</title>
    <description>&lt;p&gt;We &lt;b&gt;open&lt;/b&gt; now.&lt;/p&gt;</description></item>
    <item><title>Closed</title><description><![CDATA[<p>On Monday.</p>]]></description></item></channel></rss>`;
  const document = await loadDocument(bytesOf(source), "feed");
  expect(document.title).toBe("News");
  expect(outline(document).slice(-4)).toEqual([
    "heading3: Open on Sunday",
    "paragraph: We open now.",
    "heading3: Closed",
    "paragraph: On Monday.",
  ]);
});
