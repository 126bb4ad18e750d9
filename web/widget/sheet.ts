/**
 * The widget's style sheet as one short string. Runs while the bundle is built (`with { type: "macro" }`): the files
 * stay readable, and the visitor does not load their comments.
 */
import { readFileSync } from "node:fs";

const FILES = ["../shared/tokens.css", "./panel.css", "./thread.css"];

export function sheet(): string {
  return FILES.map((file) => shorten(readFileSync(new URL(file, import.meta.url), "utf8"))).join("");
}

/** Without comments and needless space. Our sheets have no strings in which either would mean something. */
function shorten(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,>]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/;}/g, "}")
    .trim();
}
