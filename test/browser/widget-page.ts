/** The widget as a visitor meets it. */
import type { Locator, Page } from "playwright-core";

export class WidgetPage {
  constructor(readonly page: Page) {}

  get panel(): Locator {
    return this.page.getByRole("dialog").first();
  }

  get thread(): Locator {
    return this.page.getByRole("log");
  }

  async open(): Promise<void> {
    await this.page.getByRole("button", { name: "Open chat" }).click();
    await this.panel.waitFor();
  }

  async ask(text: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Write a message" }).fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Waits until the thread shows the text. */
  async sees(text: string | RegExp): Promise<void> {
    await this.thread.getByText(text).last().waitFor();
  }

  /** Asks, and @returns how many different lengths the thread's text had until `end` was in it. */
  async stepsWhileAsking(question: string, end: string): Promise<number> {
    const steps = this.thread.evaluate(
      (thread, wanted) =>
        new Promise<number>((resolve, reject) => {
          const lengths = new Set<number>();
          const deadline = performance.now() + 10_000;
          const look = () => {
            const text = (thread as HTMLElement).innerText;
            lengths.add(text.length);
            if (text.includes(wanted)) resolve(lengths.size);
            else if (performance.now() > deadline) reject(new Error(`"${wanted}" did not appear: ${text}`));
            else requestAnimationFrame(look);
          };
          look();
        }),
      end,
    );
    await this.ask(question);
    return steps;
  }
}
