/** The dashboard as its owner uses it. */
import type { Page } from "playwright-core";

export const owner = {
  business: "Gardenia Plants",
  email: "ana@gardenia.example",
  password: "a short sentence",
} as const;

export class DashboardPage {
  constructor(readonly page: Page) {}

  async setUp(link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByLabel("Name of your business").fill(owner.business);
    await this.page.getByLabel("Your e-mail").fill(owner.email);
    await this.page.getByLabel("Password").fill(owner.password);
    await this.page.getByRole("button", { name: "Create account" }).click();
    await this.page.getByRole("heading", { name: "First steps" }).waitFor();
  }

  async goTo(place: "Home" | "Conversations" | "Knowledge" | "Try it" | "Settings"): Promise<void> {
    await this.page
      .getByRole("navigation")
      .getByRole("link", { name: new RegExp(`^${place}`) })
      .click();
    await this.page.getByRole("heading", { name: place, level: 1 }).waitFor();
  }

  async upload(files: readonly { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    await this.goTo("Knowledge");
    const picker = this.page.waitForEvent("filechooser");
    await this.page.getByRole("button", { name: "Add documents" }).first().click();
    await this.page.getByRole("button", { name: "Choose files" }).click();
    await (await picker).setFiles([...files]);
    for (const { name } of files)
      await this.page
        .getByRole("row", { name: new RegExp(name) })
        .getByText("Ready", { exact: true })
        .filter({ visible: true })
        .waitFor({ timeout: 30_000 });
  }

  async allowSite(origin: string): Promise<void> {
    await this.goTo("Settings");
    await this.page.getByLabel("Sites that may show the chat").fill(origin);
    await this.page.getByRole("button", { name: "Add site" }).click();
    const section = this.page.getByRole("region", { name: "Chat on your site" });
    await section.getByRole("button", { name: "Save" }).click();
    await section.getByText("The chat works there at once.").waitFor();
  }
}
