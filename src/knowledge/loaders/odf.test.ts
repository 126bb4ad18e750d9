import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import type { LoadedDocument } from "./loader.ts";
import { ODF_NAMESPACES, odfFile, packageFile } from "./office-files.fixture.ts";

function linesOf(document: LoadedDocument): string[] {
  return document.blocks.map(({ kind, level, text }) => `${kind}${level ?? ""}: ${text}`);
}

async function text(body: string, styles = ""): Promise<string[]> {
  return linesOf(await loadDocument(odfFile("text", body, styles), "a.odt"));
}

async function sheet(body: string, styles = ""): Promise<string[]> {
  return linesOf(await loadDocument(odfFile("spreadsheet", body, styles), "a.ods"));
}

const p = (content: string): string => `<text:p>${content}</text:p>`;
const cell = (content: string, attributes = ""): string =>
  `<table:table-cell ${attributes}>${content === "" ? "" : p(content)}</table:table-cell>`;
const row = (...cells: readonly string[]): string =>
  `<table:table-row>${cells.map((content) => (content.startsWith("<") ? content : cell(content))).join("")}</table:table-row>`;

test("headings, paragraphs, spaces and breaks of a text", async () => {
  const styles =
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/><style:style style:name="T9" style:family="text"><style:text-properties text:display="none"/></style:style>';
  const body = `<text:p text:style-name="P1">Shop</text:p><text:h text:outline-level="2">Returns</text:h>
    <text:p>Send  it<text:s text:c="3"/>back
      <text:span>within<text:tab/>14</text:span> <text:span>days</text:span><text:line-break/>please<text:span text:style-name="T9">hidden</text:span></text:p>`;
  expect(await text(body, styles)).toEqual([
    "heading1: Shop",
    "heading2: Returns",
    "paragraph: Send it back within 14 days\nplease",
  ]);
});

test("ordered lists keep their numbers and go on after a paragraph", async () => {
  const styles =
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>';
  const item = (content: string): string => `<text:list-item>${content}</text:list-item>`;
  const body = `<text:list text:style-name="L1">${item(`${p("Pack it")}<text:list>${item(p("in paper"))}</text:list>`)}${item(p("Post it"))}</text:list>${p("Then")}
    <text:list text:style-name="L1" text:continue-numbering="true">${item(p("Wait"))}</text:list>`;
  expect(await text(body, styles)).toEqual([
    "list-item: 1. Pack it",
    "list-item: in paper",
    "list-item: 2. Post it",
    "paragraph: Then",
    "list-item: 3. Wait",
  ]);
});

test("remarks, deleted text, contents and readings are left out; notes and text boxes follow their paragraph", async () => {
  const body = `<text:tracked-changes><text:changed-region><text:deletion>${p("deleted")}</text:deletion></text:changed-region></text:tracked-changes>
    <text:table-of-content><text:index-body>${p("Returns 1")}</text:index-body></text:table-of-content>
    <text:p>Two years<office:annotation>${p("remark")}</office:annotation><text:note><text:note-citation>1</text:note-citation><text:note-body>${p("Batteries: one.")}</text:note-body></text:note> on
    <text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby><draw:frame><draw:text-box>${p("In a box")}</draw:text-box></draw:frame><draw:frame><svg:desc>A lamp on a table</svg:desc><draw:image/></draw:frame></text:p>`;
  expect(await text(body)).toEqual([
    "paragraph: Two years[1] on 東京",
    "paragraph: [1] Batteries: one.",
    "paragraph: In a box",
    "paragraph: A lamp on a table",
  ]);
});

test("tables of a text: header rows name the columns, spanned cells stand in each place, one column is text", async () => {
  const spanned = cell("Free", 'table:number-columns-spanned="2"');
  const body = `<table:table><table:table-header-rows>${row("Lamp", "Spain", "Italy")}</table:table-header-rows>${row("Lumen", spanned, "<table:covered-table-cell/>")}</table:table>
    <table:table>${row("Only a frame")}</table:table>`;
  expect(await text(body)).toEqual([
    "table-row: Lamp: Lumen | Spain: Free | Italy: Free",
    "paragraph: Only a frame",
  ]);
});

test("sheets are said row by row, without hidden ones, errors and empty repetitions", async () => {
  const styles =
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
  const body = `<table:table table:name="Prices"><table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>
    ${row("Room", "Cost", "Price")}${row("Single", "30", "80 €")}
    <table:table-row table:visibility="collapse">${cell("Secret")}</table:table-row>
    ${row("Double", "40", cell("120 €", 'office:value-type="currency" office:value="120"'), cell("#N/A", 'table:formula="of:=1"'))}
    ${row(cell("", 'office:value-type="float" office:value="7" table:number-columns-repeated="2"'))}
    <table:table-row table:number-rows-repeated="1048000">${cell("", 'table:number-columns-repeated="16384"')}</table:table-row></table:table>
    <table:table table:name="Hidden" table:style-name="ta2">${row("no", "no")}</table:table>`;
  const document = await loadDocument(odfFile("spreadsheet", body, styles), "a.ods");
  expect(linesOf(document)).toEqual([
    "heading1: Prices",
    "table-row: Room: Single | Price: 80 €",
    "table-row: Room: Double | Price: 120 €",
    "table-row: Room: 7",
  ]);
  expect(document).toMatchObject({
    title: "Prices",
    note: "1 hidden sheet and hidden rows or columns were left out.",
  });
});

test("cells that span rows stand in each row, filtered rows and groups are read", async () => {
  const body = `<table:table table:name="Sheet1">${row("Group", "Price")}${row(cell("Tea", 'table:number-rows-spanned="2"'), "2")}${row("<table:covered-table-cell/>", "3")}
    <table:table-row table:visibility="filter">${cell("Coffee")}${cell("4")}</table:table-row>
    <table:table-row-group table:display="false"><table:table-row table:visibility="collapse">${cell("Cake")}${cell("5")}</table:table-row></table:table-row-group></table:table>`;
  expect(await sheet(body)).toEqual([
    "heading1: Sheet1",
    "table-row: Group: Tea | Price: 2",
    "table-row: Group: Tea | Price: 3",
    "table-row: Group: Coffee | Price: 4",
    "table-row: Group: Cake | Price: 5",
  ]);
});

test("slides of a presentation with title, lists, notes and pages", async () => {
  const styles =
    '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>';
  const frame = (kind: string, content: string): string =>
    `<draw:frame presentation:class="${kind}"><draw:text-box>${content}</draw:text-box></draw:frame>`;
  const body = `<draw:page>${frame("outline", `<text:list><text:list-item>${p("Free returns")}</text:list-item></text:list>`)}${frame("title", p("Service"))}${frame("footer", p("Footer"))}
    <presentation:notes>${frame("notes", p("Say thanks."))}</presentation:notes></draw:page><draw:page draw:style-name="dp2">${frame("title", p("Secret"))}</draw:page><draw:page>${frame("title", p("End"))}</draw:page>`;
  const document = await loadDocument(odfFile("presentation", body, styles), "a.odp");
  expect(linesOf(document)).toEqual([
    "heading1: Service",
    "list-item: Free returns",
    "paragraph: Say thanks.",
    "heading1: End",
  ]);
  expect(document.blocks.map(({ page }) => page)).toEqual([1, 1, 1, 3]);
  expect(document).toMatchObject({ format: "odp", pages: 3, note: "1 hidden slide was left out." });
});

test("any prefixes, a title in the properties, and a file without its media type", async () => {
  const content =
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text><h outline-level="1">Hours</h><p>Nine to five</p></o:text></o:body></o:document-content>';
  const manifest = `<manifest:manifest ${ODF_NAMESPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>`;
  const meta = `<office:document-meta ${ODF_NAMESPACES}><office:meta><dc:title>Our hours</dc:title></office:meta></office:document-meta>`;
  const file = packageFile({ "content.xml": content, "META-INF/manifest.xml": manifest, "meta.xml": meta });
  const document = await loadDocument(file, "unknown");
  expect(document).toMatchObject({ format: "odt", title: "Our hours", text: "Hours\n\nNine to five" });
});

test("an encrypted file is refused as encrypted, one without content as damaged", async () => {
  const manifest = `<manifest:manifest ${ODF_NAMESPACES}><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`;
  for (const kind of ["text", "spreadsheet", "presentation"] as const) {
    const locked = odfFile(kind, "", "", {
      "META-INF/manifest.xml": manifest,
      "content.xml": "\u0007garbage",
    });
    await expect(loadDocument(locked, "a")).rejects.toMatchObject({ code: "encrypted" });
    const empty = packageFile({ mimetype: `application/vnd.oasis.opendocument.${kind}`, "meta.xml": "" });
    await expect(loadDocument(empty, "a")).rejects.toMatchObject({ code: "damaged" });
    await expect(loadDocument(odfFile(kind, ""), "a")).rejects.toMatchObject({ code: "no_text" });
  }
});
