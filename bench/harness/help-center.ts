/** A real help centre: pages as they are, and questions that stand in none of them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { splitFrontMatter } from "../../src/knowledge/loaders/markdown-front-matter.ts";
import { helpCenterFiles, sharedDocsFolder } from "../../src/knowledge/loaders/shared-docs.fixture.ts";

export interface HelpPage {
  /** Without the block that names it. */
  readonly body: string;
  /** The page's title and its summary, as far as they can be asked. */
  readonly questions: readonly string[];
}

/** Shorter pages only refer to others. */
const leastCharacters = 300;

/**
 * The block at the top of a page (title, summary) is cut off: the page is indexed without it, and what stood in it is
 * asked. A title or summary that the rest of the page repeats word for word is not asked, nor one that two pages share.
 */
export async function helpPages(): Promise<HelpPage[]> {
  const read = await Promise.all(
    helpCenterFiles().map(async (file) => {
      const text = await readFile(join(sharedDocsFolder, file), "utf8");
      const { body } = splitFrontMatter(text);
      const block = text.slice(0, text.length - body.length);
      return { body, named: [entry(block, "title"), entry(block, "description")] };
    }),
  );
  const times = new Map<string, number>();
  for (const { named } of read)
    for (const words of new Set(named.map(plain))) times.set(words, (times.get(words) ?? 0) + 1);
  return read
    .filter(({ body }) => body.trim().length >= leastCharacters)
    .map(({ body, named }) => {
      const within = ` ${plain(body)} `;
      const askable = (text: string) =>
        plain(text) !== "" && times.get(plain(text)) === 1 && !within.includes(` ${plain(text)} `);
      return { body, questions: [...new Set(named)].filter(askable) };
    });
}

function entry(block: string, name: string): string {
  const value = new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(block)?.[1]?.trim() ?? "";
  return value.replace(/^(["'])(.*)\1$/, "$2");
}

function plain(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
}
