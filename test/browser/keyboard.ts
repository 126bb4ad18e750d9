/** Where the focus is, for people who use no mouse. */
import type { Page } from "playwright-core";
import { until } from "../../src/testing/until.ts";

const maxPresses = 25;

/** The accessible name of what has the focus, inside shadow roots too. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    return focused?.getAttribute("aria-label") ?? focused?.textContent?.trim() ?? "";
  });
}

export async function pressUntilFocused(page: Page, key: "Tab" | "Shift+Tab", name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < maxPresses) {
    await page.keyboard.press(key);
    const now = await focusedName(page);
    if (now === name) return;
    passed.push(now);
  }
  throw new Error(`${key} never reached "${name}", only: ${passed.join(", ")}.`);
}

export async function expectFocus(page: Page, name: string): Promise<void> {
  await until(async () => (await focusedName(page)) === name, `the focus on "${name}"`, 3_000);
}
