import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { bytesOf, docxFile, outline, pdfFile, wordParagraph, wordXml } from "./test-files.fixture.ts";

test("Markdown becomes headings, list items, rows and code without its markup", async () => {
  const source = [
    "---", 'title: "Shipping & returns"', "---", "# Returns", "Send it **back** within [14 days](https://x.example).",
    "", "1. Pack it", "2. Post it", "   - keep the receipt", "", "```sh", "# not a heading", "```", "",
    "| Country | Days |", "|---|---|", "| Spain | 3 |", "", "![Our warehouse at night](data:image/png;base64,AAAA)", "",
  ]; // biome-ignore format: a document
  const document = await loadDocument(bytesOf(source.join("\r\n")), "a.md");
  expect(document.title).toBe("Shipping & returns");
  expect(outline(document)).toEqual([
    "heading1: Returns",
    "paragraph: Send it back within 14 days.",
    "list-item: 1. Pack it",
    "list-item: 2. Post it",
    "list-item: keep the receipt",
    "code: # not a heading",
    "table-row: Country: Spain | Days: 3",
    "paragraph: Our warehouse at night",
  ]);
});

test("components of documentation sites leave their title and their text", async () => {
  const source =
    'import { Card } from "x"\n\n<Card\n  title="Refunds"\n  icon={<Icon a=">"/>}\n>\n  Paid **back** in 5 days.\n</Card>\n\n:::tip\nAsk us.\n:::\n';
  expect(outline(await loadDocument(bytesOf(source), "a.mdx"))).toEqual([
    "paragraph: Refunds",
    "paragraph: Paid back in 5 days.",
    "paragraph: Ask us.",
  ]);
});

test("a web page yields its content without menus, scripts, hidden parts and forms", async () => {
  const page = `<!doctype html><title>Shop – Help</title><script>var a = "code"</script><style>p{}</style>
    <header><a href=/>Logo</a></header><nav><a href=/a>Home</a></nav>
    <ul><li><a href=/1>One</a><li><a href=/2>Two</a><li><a href=/3>Three</a></ul>
    <div class="cookie-banner">We use cookies</div><div style="display: none">secret</div>
    <div class="menu"><h2>Our menu</h2><p>Soup of the day costs 5 euros, bread included.</p></div>
    <h2><button aria-expanded="false" aria-controls="a1">How long does it take?</button></h2>
    <div id="a1" hidden><p>Two days.</p></div>
    <table><tr><th>Size</th><th>Price</th></tr><tr><td>S</td><td>5 €</td></tr></table>
    <form><label>Mail</label><input value=x><button>Send</button></form><footer>Imprint</footer>`;
  const document = await loadDocument(bytesOf(page), "page.html");
  expect(document.title).toBe("Shop – Help");
  expect(outline(document)).toEqual([
    "heading2: Our menu",
    "paragraph: Soup of the day costs 5 euros, bread included.",
    "heading2: How long does it take?",
    "paragraph: Two days.",
    "table-row: Size: S | Price: 5 €",
  ]);
});

test("a page that is nothing but a menu keeps its menu", async () => {
  const document = await loadDocument(bytesOf("<html><nav><a href=/a>Opening hours: 9 to 5</a></nav>"), "x");
  expect(document.text).toBe("Opening hours: 9 to 5");
});

test("a Word document yields styles, tables and embedded pages", async () => {
  const relations =
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="part.html"/></Relationships>';
  const styles =
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>';
  const cell = (text: string): string => `<w:tc>${wordParagraph(text)}</w:tc>`;
  const body = `${wordParagraph("Warranty", "berschrift1")}${wordParagraph("Two years.")}<w:tbl><w:tr>${cell("Lamp")}${cell("1 year")}</w:tr></w:tbl><w:altChunk r:id="c1"/>`;
  const file = docxFile(wordXml(body), {
    "word/_rels/document.xml.rels": relations.replace(
      "</R",
      '<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></R',
    ),
    "word/styles.xml": styles,
    "word/part.html": "<html><body><p>Embedded page</p></body></html>",
  });
  expect(outline(await loadDocument(file, "renamed.pdf"))).toEqual([
    "heading1: Warranty",
    "paragraph: Two years.",
    "table-row: Lamp | 1 year",
    "paragraph: Embedded page",
  ]);
});

test("PDF lines become paragraphs with pages, and divided words are joined", async () => {
  const file = pdfFile(
    [
      [
        { text: "Delivery times", y: 720, size: 20 },
        { text: "Most parcels arrive within two days after the war-", y: 690 },
        { text: "ehouse has packed them, and well-known regions", y: 676 },
        { text: "sooner.", y: 662 },
        { text: "Remote islands need up to a whole week longer than that.", y: 620 },
      ],
      [{ text: "Page two is here.", y: 700 }],
    ],
    { title: "Microsoft Word - untitled.doc" },
  );
  const document = await loadDocument(file, "a.txt");
  expect(document.pages).toBe(2);
  expect(document.title).toBe("Delivery times");
  expect(outline(document)).toEqual([
    "heading1: Delivery times",
    "paragraph: Most parcels arrive within two days after the warehouse has packed them, and well-known regions sooner.",
    "paragraph: Remote islands need up to a whole week longer than that.",
    "paragraph: Page two is here.",
  ]);
  expect(document.blocks.map((block) => block.page)).toEqual([1, 1, 1, 2]);
});

test("pages that are scans are named, and the rest is kept", async () => {
  const text = [{ text: "This page can be read.", y: 700 }];
  const some = await loadDocument(
    pdfFile([text, [], [], [], text, [], []], { scans: [2, 3, 4, 6] }),
    "a.pdf",
  );
  expect(some.text).toBe("This page can be read.\n\nThis page can be read.");
  expect(some.note).toStartWith("Pages 2–4 and 6 look like scans: they hold a picture but no text");
  const one = await loadDocument(pdfFile([text, []], { scans: [2] }), "a.pdf");
  expect(one.note).toStartWith("Page 2 looks like a scan: it holds a picture but no text, so nothing on it");
  // Page 7 above, and here page 2: blank pages are no scans.
  expect((await loadDocument(pdfFile([text, []], { scans: [1] }), "a.pdf")).note).toBeUndefined();
});

test("a PDF of scans, and one of nothing, say what to do", async () => {
  const scan = loadDocument(pdfFile([[], []], { scans: [1, 2] }), "a.pdf");
  await expect(scan).rejects.toMatchObject({
    code: "no_text",
    message: expect.stringMatching(
      /^This looks like a scan: it holds pictures of pages but no text\. Run .*OCR/,
    ),
  });
  await expect(loadDocument(pdfFile([[]]), "a.pdf")).rejects.toMatchObject({
    code: "no_text",
    message: expect.stringMatching(/^This PDF holds no text\. /),
  });
});

test("values of a form and notes stand behind the text of their page", async () => {
  const field = (entries: string): string => `<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]${entries}>>`;
  const annotations = [
    field("/FT/Tx/T(delivery_day)/V(3 May)"), field("/FT/Tx/T(f1_02)/TU(Your name:)/V(Ada Lovelace)"),
    field("/FT/Tx/T(empty)/V()"), field("/FT/Tx/T(pin)/Ff 8192/V(1234)"),
    "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(Ask for the key)>>",
    "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/F 2/Contents(hidden)>>",
    "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(a link)>>",
  ]; // biome-ignore format: a list
  const document = await loadDocument(pdfFile([[{ text: "Order form", y: 700 }]], { annotations }), "a.pdf");
  expect(outline(document)).toEqual([
    "paragraph: Order form",
    "paragraph: Ask for the key",
    "paragraph: delivery day: 3 May",
    "paragraph: Your name: Ada Lovelace",
  ]);
});

test("headers, footers and page numbers that repeat stand once", async () => {
  const pages = [1, 2, 3, 4, 5].map((page) => [
    { text: "Lumen lamp manual", y: 760 },
    { text: `Chapter ${"abcde"[page - 1]} explains the switch.`, y: 600 },
    { text: `Page ${page}`, y: 30 },
  ]);
  const { text } = await loadDocument(pdfFile(pages), "manual.pdf");
  expect(text.match(/Lumen/g)).toHaveLength(1);
  expect(text.match(/Page \d/g)).toHaveLength(1);
  expect(text.match(/Chapter/g)).toHaveLength(5);
});

test("plain text keeps paragraphs and list items apart", async () => {
  const document = await loadDocument(
    bytesOf("Hours\r\n\r\n\r\n\r\nWe are open:\n- Monday\n- Tuesday\r\n\r\nBye\u00AD!"),
    "a.txt",
  );
  expect(document.text).toBe("Hours\n\nWe are open:\n\nMonday\nTuesday\n\nBye!");
});
