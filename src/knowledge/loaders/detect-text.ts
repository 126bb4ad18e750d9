import { detectDialect } from "./csv-rows.ts";
import type { DetectedFile } from "./loader.ts";

const html: DetectedFile = { format: "html", mediaType: "text/html" };
const markdown: DetectedFile = { format: "markdown", mediaType: "text/markdown" };
const plain: DetectedFile = { format: "txt", mediaType: "text/plain" };
const csv: DetectedFile = { format: "csv", mediaType: "text/csv" };
const json: DetectedFile = { format: "json", mediaType: "application/json" };

/** Names that mark a text as meant to be read, whatever it looks like inside. */
const PROSE_NAME = /\.(?:txt|text|md|mdx|markdown)$/i;
const MARKDOWN_NAME = /\.(?:md|mdx|markdown|mdown|mkd)$/i;
const HTML_DOCUMENT = /^(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])/i;
const HTML_FRAGMENT =
  /^<(?:h[1-6]|p|div|span|table|ul|ol|dl|br|hr|a|b|i|em|strong|main|section|article|header|nav|title|meta|style|script|img|center|font|blockquote)[\s/>]/i;
const MAIL_HEADER =
  /^(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To|X-[\w-]+|Content-Type|Cc|Reply-To|Sender|DKIM-Signature):/i;

/**
 * Tells texts apart by their beginning. `sample` is decoded text, `cut` says that the file goes on behind it.
 * A structure that one can see (HTML, XML, mail) comes first; then the name; then a guess.
 */
export function detectText(sample: string, fileName: string, cut: boolean): DetectedFile {
  const start = afterComments(sample.trimStart());
  if (start.startsWith("{\\rtf")) return { format: "rtf", mediaType: "application/rtf" };
  if (HTML_DOCUMENT.test(start)) return html;
  if (/^<\?xml[\s?]/.test(start)) return detectXml(start);
  if (looksMail(sample, fileName)) return { format: "eml", mediaType: "message/rfc822" };
  if (!PROSE_NAME.test(fileName)) {
    if (HTML_FRAGMENT.test(start) || (/\.x?html?$/i.test(fileName) && /<[a-z][^<>]*>/i.test(start)))
      return html;
    if (looksJson(start, fileName, cut)) return json;
    if (/^<!doctype\s|^<[a-z][\w:.-]*(?:\s[^<>]*)?>/i.test(start)) return detectXml(start);
    if (/\.(?:csv|tsv|tab|psv)$/i.test(fileName)) return csv;
  }
  if (MARKDOWN_NAME.test(fileName)) return markdown;
  if (!/\.log$/i.test(fileName) && looksTable(sample)) return csv;
  if (/\.(?:txt|text|log)$/i.test(fileName)) return plain;
  return looksMarkdown(sample) ? markdown : plain;
}

/** Pages often begin with a licence in comments. */
function afterComments(text: string): string {
  let rest = text;
  while (rest.startsWith("<!--")) {
    const end = rest.indexOf("-->");
    if (end === -1) return rest;
    rest = rest.slice(end + 3).trimStart();
  }
  return rest;
}

function detectXml(start: string): DetectedFile {
  const body = start.slice(0, 8192);
  if (/<html[\s>]/i.test(body)) return html;
  if (/<svg[\s>]/i.test(body)) return { format: "image", mediaType: "image/svg+xml" };
  return { format: "xml", mediaType: "application/xml" };
}

function looksJson(start: string, fileName: string, cut: boolean): boolean {
  if (!/^[[{]/.test(start)) return false;
  if (/\.(?:json|jsonl|ndjson|geojson)$/i.test(fileName)) return true;
  if (cut) return /^[[{]\s*(?:"[^"]*"\s*[:,]|[[{])/.test(start);
  // One value in the first line and more of them below it: JSON Lines.
  return isJson(start) || (/^[^\n]+\n\s*[[{]/.test(start) && isJson(start.split("\n", 1)[0] ?? ""));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Header lines up to the first blank one; two that mail has, one of them a header that only mail has. */
function looksMail(sample: string, fileName: string): boolean {
  const lines = sample.slice(0, 32_768).split(/\r?\n/);
  if (lines[0]?.startsWith("From ")) lines.shift();
  if (!/^[\w-]{1,60}:/.test(lines[0] ?? "")) return false;
  const end = lines.findIndex((line) => !/^[\w-]{1,60}:|^[ \t]+\S/.test(line));
  const headers = lines.slice(0, end === -1 ? undefined : end).filter((line) => MAIL_HEADER.test(line));
  const certain = headers.some((line) =>
    /^(?:Received|Return-Path|Message-ID|MIME-Version|Delivered-To):/i.test(line),
  );
  return headers.length >= 2 && (certain || /\.(?:eml|mht|mhtml|mbox)$/i.test(fileName));
}

/** Several rows that all have the same number of cells. Prose has its commas too, but a space behind each. */
function looksTable(sample: string): boolean {
  const { delimiter, agreement, columns, spaced, rows } = detectDialect(sample);
  if (rows < 3 || agreement < 1 || spaced > 0.2) return false;
  return columns >= (delimiter === "\t" || delimiter === ";" ? 2 : 3) && !/^\s*\|/.test(sample);
}

/** Headings and one more kind of markup; a lone "- list" or "# comment" is ordinary text. */
function looksMarkdown(sample: string): boolean {
  const signs = [
    /^#{1,6} \S/m,
    /^\s*(?:[-*+]|\d+\.) \S/m,
    /^(?:```|~~~)/m,
    /\[[^[\]\n]{1,200}\]\([^()\n]{1,500}\)/,
    /\*\*\S[^*\n]{0,200}\*\*/,
  ];
  const found = signs.map((sign) => sign.test(sample));
  return found[0] === true && found.filter(Boolean).length >= 2;
}
