/** axe-core over the page as it stands, the widget's shadow root included. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** @returns one line for each fault: rule, where, what is wrong. Empty is clean. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // What fades in would be measured with half its contrast. What was taken away meanwhile has ended too.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  await page.evaluate(source);
  const violations = await page.evaluate(async (values) => {
    // What the page got from the script above; this file's own global scope is another one.
    const runner = (globalThis as unknown as { axe: typeof axe }).axe;
    const result = await runner.run(document, { runOnly: { type: "tag", values } });
    return result.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map((node) => `${node.target.flat().join(" ")}: ${node.failureSummary ?? ""}`),
    }));
  }, rules);
  const path = new URL(page.url()).pathname;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${path} ${id} at ${node}`));
}
