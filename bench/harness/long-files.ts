/** One long file of each format, all with the same real text. */
import { strToU8, zipSync } from "fflate";
import Papa from "papaparse";
import type { FileFormat } from "../../src/knowledge/loaders/loader.ts";
import {
  epubFile,
  odfFile,
  pptxFile,
  sheetRows,
  slideShape,
  slideText,
  slideXml,
  xlsxFile,
} from "../../src/knowledge/loaders/office-files.fixture.ts";
import { docxFile, wordParagraph, wordXml } from "../../src/knowledge/loaders/test-files.fixture.ts";
import { textPdf } from "./pdf.ts";
import { type Article, type Passage, passagesOf, squad } from "./squad.ts";

export interface LongFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Enough that starting and sending are nothing beside reading: all articles twice, 1.4 MB of text, 750 pages. */
const copies = 2;
const pdfPages = 300;
/** Of about 95 characters: a page of 1,800. */
const pdfLines = 19;

type Maker = (articles: readonly Article[]) => string | Uint8Array | Promise<Uint8Array>;

const endings: Partial<Record<FileFormat, string>> = { markdown: "md" };

/** A format that is not here has no long file: the benchmark says so. */
const makers: Partial<Record<FileFormat, Maker>> = {
  txt: (articles) => articles.map((article) => [article.title, ...texts(article)].join("\n\n")).join("\n\n"),
  markdown: (articles) =>
    articles
      .map(({ title, passages }) => `# ${title}\n\n${passages.map(markdownPassage).join("\n\n")}`)
      .join("\n\n"),
  html: htmlPage,
  pdf: () => textPdf(pdfPages, 3, pdfLines),
  docx: (articles) =>
    docxFile(
      wordXml(
        articles
          .flatMap((article) => [
            wordParagraph(escaped(article.title), "Heading1"),
            ...texts(article).map((text) => wordParagraph(escaped(text))),
          ])
          .join(""),
      ),
    ),
  rtf: (articles) =>
    `{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\n${articles.flatMap(texts).map(rtfText).join("\\par\n")}\\par}`,
  csv: (articles) => Papa.unparse(rows(articles)),
  json: (articles) => JSON.stringify(rows(articles)),
  xml: (articles) =>
    `<?xml version="1.0" encoding="UTF-8"?><faq>${rows(articles)
      .map(({ subject, question, answer }) => {
        const inner = `<question>${escaped(question)}</question><answer>${escaped(answer)}</answer>`;
        return `<entry subject="${escaped(subject)}">${inner}</entry>`;
      })
      .join("\n")}</faq>`,
  eml: (articles) => {
    const body = Buffer.from(articles.flatMap(texts).join("\r\n\r\n")).toString("base64");
    const head = [
      "From: Ann Bell <ann@example.com>",
      "To: help@example.com",
      "Subject: All we know",
      "Date: Tue, 3 Nov 2026 10:00:00 +0000",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
    ];
    return `${head.join("\r\n")}\r\n\r\n${body.replace(/.{76}/g, "$&\r\n")}\r\n`;
  },
  pptx: (articles) =>
    pptxFile(
      passagesOf(articles).map(({ article, text }) =>
        slideXml(
          slideShape(slideText(escaped(article.title)), "title") +
            slideShape(slideText(escaped(text)), "body"),
        ),
      ),
    ),
  xlsx: (articles) => xlsxFile([{ name: "Answers", rows: sheetRows(cells(articles)) }]),
  odt: (articles) =>
    odfFile(
      "text",
      articles
        .flatMap((article) => [
          `<text:h text:outline-level="1">${escaped(article.title)}</text:h>`,
          ...texts(article).map(odfParagraph),
        ])
        .join(""),
    ),
  ods: (articles) =>
    odfFile(
      "spreadsheet",
      `<table:table table:name="Answers">${cells(articles)
        .map(
          (row) =>
            `<table:table-row>${row.map((cell) => `<table:table-cell><text:p>${cell}</text:p></table:table-cell>`).join("")}</table:table-row>`,
        )
        .join("")}</table:table>`,
    ),
  odp: (articles) =>
    odfFile(
      "presentation",
      passagesOf(articles)
        .map(
          ({ text }, index) =>
            `<draw:page draw:name="p${index}"><draw:frame><draw:text-box>${odfParagraph(text)}</draw:text-box></draw:frame></draw:page>`,
        )
        .join(""),
    ),
  epub: (articles) =>
    epubFile(
      articles.map(({ title, passages }, index) => [
        `c${index}.xhtml`,
        `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>${escaped(title)}</title></head><body><h1>${escaped(title)}</h1>${passages.map(({ text }) => `<p>${escaped(text)}</p>`).join("")}</body></html>`,
      ]),
    ),
  zip: (articles) =>
    zipSync(
      Object.fromEntries(
        articles.map((article, index) => [
          `${index + 1} ${article.title.replaceAll("/", "-")}.txt`,
          strToU8(texts(article).join("\n\n")),
        ]),
      ),
    ),
};

/** @returns null for a format for which there is none */
export async function longFile(format: FileFormat): Promise<LongFile | null> {
  const make = makers[format];
  if (make === undefined) return null;
  const articles = await squad();
  const made = await make(Array.from({ length: copies }, () => articles).flat());
  const bytes = typeof made === "string" ? new TextEncoder().encode(made) : made;
  return { name: `long.${endings[format] ?? format}`, bytes };
}

const texts = (article: Article) => article.passages.map(({ text }) => text);

interface Row {
  readonly subject: string;
  readonly question: string;
  readonly answer: string;
}

/** A passage with the first question on it. */
function rows(articles: readonly Article[]): Row[] {
  return passagesOf(articles).map(({ article, questions, text }) => ({
    subject: article.title,
    question: questions[0]?.text ?? article.title,
    answer: text,
  }));
}

/** The rows under their names, as XML's text. */
function cells(articles: readonly Article[]): string[][] {
  return [
    ["Subject", "Question", "Answer"],
    ...rows(articles).map(({ subject, question, answer }) => [subject, question, answer].map(escaped)),
  ];
}

const odfParagraph = (text: string) => `<text:p>${escaped(text)}</text:p>`;

function markdownPassage({ questions, text }: Passage): string {
  return `## ${questions[0]?.text ?? "More"}\n\n${text.replace(/[\\`*_[\]<>#|]/g, "\\$&")}`;
}

function htmlPage(articles: readonly Article[]): string {
  const sections = articles.map(
    (article) =>
      `<section><h1>${escaped(article.title)}</h1>\n${texts(article)
        .map((text) => `<p>${escaped(text)}</p>`)
        .join("\n")}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>All we know</title></head><body><main>${sections.join("\n")}</main></body></html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function rtfText(text: string): string {
  return text.replace(/[\\{}]/g, "\\$&").replace(/[^\x20-\x7e]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return `\\u${code > 32_767 ? code - 65_536 : code}?`;
  });
}
