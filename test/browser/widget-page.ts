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
    // A reload leaves it as it was.
    const launcher = this.page.getByRole("button", { name: "Open chat" });
    await launcher.or(this.panel).first().waitFor();
    if (await launcher.isVisible()) await launcher.click();
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
}
