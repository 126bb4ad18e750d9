import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import type { LoadedDocument } from "./loader.ts";
import {
  pptxFile,
  relationsXml,
  SLIDE_NAMESPACES,
  slideShape,
  slideText,
  slideXml,
} from "./office-files.fixture.ts";

function linesOf(document: LoadedDocument): string[] {
  return document.blocks.map(({ kind, page, text }) => `${page} ${kind}: ${text}`);
}

const titled = (title: string, more = ""): string => slideXml(slideShape(slideText(title), "title") + more);

test("slides stand in the order of the presentation, with their number as page", async () => {
  const file = pptxFile([titled("Last"), titled("First")], {}, [2, 1]);
  const document = await loadDocument(file, "a.pptx");
  expect(linesOf(document)).toEqual(["1 heading: First", "2 heading: Last"]);
  expect(document).toMatchObject({ title: "First", pages: 2 });
});

test("the content area gives list items, text boxes give paragraphs, numbers are kept", async () => {
  const numbered = '<a:pPr><a:buAutoNum type="arabicPeriod" startAt="3"/></a:pPr>';
  const letters = '<a:pPr lvl="1"><a:buAutoNum type="alphaLcParenR"/></a:pPr>';
  const shapes = [
    slideShape(slideText("Bullet") + slideText("No bullet", "<a:pPr><a:buNone/></a:pPr>"), "body"),
    slideShape(slideText("Pack it", numbered) + slideText("box", letters) + slideText("tape", letters) + slideText("Post it", numbered)),
    slideShape("<a:p><a:r><a:t>Two</a:t></a:r><a:br/><a:r><a:t>lines</a:t></a:r></a:p>"),
    slideShape(slideText("7"), "sldNum") + slideShape(slideText("Footer"), "ftr"),
  ]; // biome-ignore format: a list
  expect(linesOf(await loadDocument(pptxFile([titled("Returns", shapes.join(""))]), "a.pptx"))).toEqual([
    "1 heading: Returns",
    "1 list-item: Bullet",
    "1 paragraph: No bullet",
    "1 list-item: 3. Pack it",
    "1 list-item: a. box",
    "1 list-item: b. tape",
    "1 list-item: 4. Post it",
    "1 paragraph: Two\nlines",
  ]);
});

test("tables are said with the names of their columns, merged cells in each place", async () => {
  const cell = (text: string, attributes = ""): string =>
    `<a:tc ${attributes}><a:txBody>${slideText(text)}</a:txBody></a:tc>`;
  const table = `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4"/></p:nvGraphicFramePr><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>
    <a:tr>${cell("Country")}${cell("Days")}${cell("Carrier")}</a:tr>
    <a:tr>${cell("Spain")}${cell("three", 'gridSpan="2"')}${cell("", 'hMerge="1"')}</a:tr>
    <a:tr>${cell("Italy")}${cell("four")}${cell("Post")}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
  expect(linesOf(await loadDocument(pptxFile([titled("Delivery", table)]), "a.pptx")).slice(1)).toEqual([
    "1 table-row: Country: Spain | Days: three | Carrier: three",
    "1 table-row: Country: Italy | Days: four | Carrier: Post",
  ]);
});

test("groups, alternatives, SmartArt, charts and descriptions of pictures are read", async () => {
  const frame = (content: string): string =>
    `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4"/></p:nvGraphicFramePr><a:graphic><a:graphicData>${content}</a:graphicData></a:graphic></p:graphicFrame>`;
  const shapes = [
    `<p:grpSp><p:grpSp>${slideShape(slideText("In a group"))}</p:grpSp></p:grpSp>`,
    `<mc:AlternateContent xmlns:mc="m"><mc:Choice>${slideShape(slideText("New"))}</mc:Choice><mc:Fallback>${slideShape(slideText("Old"))}</mc:Fallback></mc:AlternateContent>`,
    frame('<d:relIds xmlns:d="d" r:dm="d1"/>'),
    frame('<c:chart xmlns:c="c" r:id="c1"/>'),
    '<p:pic><p:nvPicPr><p:cNvPr id="5" descr="Our shop seen from the street"/></p:nvPicPr></p:pic>',
    '<p:pic><p:nvPicPr><p:cNvPr id="6" descr="IMG_1.png"/></p:nvPicPr></p:pic>',
    '<p:pic><p:nvPicPr><p:cNvPr id="7" descr="A picture of a dog&#10;&#10;Description automatically generated"/></p:nvPicPr></p:pic>',
  ];
  const cache = (kind: string, values: readonly string[], code = ""): string =>
    `<c:${kind}>${code}${values.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join("")}</c:${kind}>`;
  const chart = `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><c:rich>${slideText("Parcels")}</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx>${cache("strCache", ["Share"])}</c:tx><c:cat>${cache("strCache", ["May", "June"])}</c:cat><c:val>${cache("numCache", ["0.4", "0.6"], "<c:formatCode>0%</c:formatCode>")}</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`;
  const diagram = `<d:dataModel xmlns:d="d" xmlns:a="a"><d:ptLst><d:pt type="doc"/><d:pt><d:t>${slideText("Order")}</d:t></d:pt><d:pt type="pres"><d:t>${slideText("no")}</d:t></d:pt></d:ptLst></d:dataModel>`;
  const file = pptxFile([titled("Mixed", shapes.join(""))], {
    "ppt/slides/_rels/slide1.xml.rels": relationsXml([
      ["d1", "diagramData", "../diagrams/data1.xml"],
      ["c1", "chart", "../charts/chart1.xml"],
    ]),
    "ppt/diagrams/data1.xml": diagram,
    "ppt/charts/chart1.xml": chart,
  });
  expect(linesOf(await loadDocument(file, "a.pptx")).slice(1)).toEqual([
    "1 paragraph: In a group",
    "1 paragraph: New",
    "1 list-item: Order",
    "1 paragraph: Parcels",
    "1 table-row: May | Share: 40%",
    "1 table-row: June | Share: 60%",
    "1 paragraph: Our shop seen from the street",
  ]);
});

test("the speaker's notes stand under their slide, without its picture and number", async () => {
  const notes = slideXml(
    slideShape(slideText("Say hello first."), "body") + slideShape(slideText("12"), "sldNum"),
    "",
    "p:notes",
  );
  const file = pptxFile([titled("Welcome"), titled("Thanks")], {
    "ppt/slides/_rels/slide1.xml.rels": relationsXml([
      ["n", "notesSlide", "/ppt/notesSlides/notesSlide1.xml"],
    ]),
    "ppt/notesSlides/notesSlide1.xml": notes,
  });
  expect(linesOf(await loadDocument(file, "a.pptx"))).toEqual([
    "1 heading: Welcome",
    "1 paragraph: Say hello first.",
    "2 heading: Thanks",
  ]);
});

test("hidden slides are left out but keep their number; a slide without a title gets it as heading", async () => {
  const hidden = slideXml(slideShape(slideText("Secret"), "title"), 'show="0"');
  const untitled = slideXml(slideShape(slideText("Just text")));
  const document = await loadDocument(pptxFile([titled("One"), hidden, untitled]), "a.pptx");
  expect(linesOf(document)).toEqual(["1 heading: One", "3 heading: Slide 3", "3 paragraph: Just text"]);
  expect(document.note).toBe("1 hidden slide was left out.");
  expect((await loadDocument(pptxFile([untitled, untitled]), "a.pptx")).title).toBeUndefined();
  expect((await loadDocument(pptxFile([hidden]), "a.pptx")).text).toBe("Secret");
});

test("slides are found by their names when the presentation does not list them", async () => {
  const slides = Array.from({ length: 10 }, (_, index) => titled(`Slide title ${index + 1}`));
  const file = pptxFile(slides, { "ppt/presentation.xml": `<p:presentation ${SLIDE_NAMESPACES}/>` });
  const { blocks } = await loadDocument(file, "a.pptx");
  expect(blocks.map(({ text }) => text)).toEqual(slides.map((_, index) => `Slide title ${index + 1}`));
});

test("a presentation without text says so", async () => {
  await expect(loadDocument(pptxFile([slideXml("")]), "a.pptx")).rejects.toMatchObject({ code: "no_text" });
});
