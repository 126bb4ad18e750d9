/**
 * Ana keeps her shop's documents: adds many at once, finds them, names and tags them, reads them, tries what a question
 * finds, and throws them away. The tests are one story and run in order.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { accessibilityFaults } from "./accessibility.ts";
import type { DashboardPage } from "./dashboard-page.ts";
import { pressUntilFocused } from "./keyboard.ts";
import { OwnedShop } from "./owned-shop.ts";
import { shopFiles } from "./shop-files.ts";

const limitMs = 60_000;
const many = 60;
/** Of no document and no passage. */
const nowhere = "0198c0de-0000-7000-8000-000000000000";

let shop: OwnedShop;
let ana: DashboardPage;
let page: Page;

beforeAll(async () => {
  shop = await OwnedShop.open();
  ({ ana } = shop);
  ({ page } = ana);
}, limitMs);
afterAll(() => shop?.[Symbol.asyncDispose]());

const row = (title: string) => page.getByRole("row", { name: new RegExp(title) });

/** Drops files on the page as a person would from a folder in view. */
async function drop(files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const made = new DataTransfer();
    for (const { name, text } of given) made.items.add(new File([text], name));
    return made;
  }, files);
  for (const type of ["dragenter", "dragover", "drop"])
    await page.dispatchEvent("main", type, { dataTransfer: transfer });
}

describe("Ana's documents", () => {
  test(
    "are added by the dozen: one line tells how far it is and what was not added, and why",
    async () => {
      await ana.upload(shopFiles);
      const care = Array.from({ length: many }, (_, at) => ({
        name: `care-${String(at).padStart(2, "0")}.txt`,
        text: `Plant number ${at} likes to be watered every ${at + 2} days.`,
      }));
      await drop([
        ...care,
        { name: "again.txt", text: care[0]?.text ?? "" },
        { name: "empty.txt", text: "" },
      ]);
      await page.getByText(`${many} files arrived · 1 there already · 1 not added`).waitFor();
      await page.getByRole("list", { name: "Uploads" }).getByText("This file is empty.").waitFor();
      await page.getByRole("button", { name: "Close" }).click();
      await page.getByText(`${many + 2} documents with`).waitFor();
      await page.getByRole("button", { name: "Show more documents" }).click();
      await row("care-00").getByText("Ready", { exact: true }).filter({ visible: true }).waitFor();
      expect(await page.getByRole("row").count()).toBe(many + 2 + 1);
    },
    limitMs,
  );

  test(
    "are found by their titles, and what was looked for stands in the address",
    async () => {
      await page.getByRole("searchbox", { name: "Search in titles and addresses" }).fill("WORKSHOP");
      await row("care-5").first().waitFor({ state: "detached" });
      expect(await page.getByRole("row").count()).toBe(2);
      await page.getByText("1 document fits").waitFor();
      expect(new URL(page.url()).search).toBe("?q=WORKSHOP");
      await page.reload();
      await row("workshops.md").waitFor();
      await page.getByRole("combobox", { name: "Kind" }).selectOption({ label: "Web pages" });
      await page.getByText("No document fits").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole("button", { name: "Show all" }).click();
      await row("delivery.pdf").or(row("care-59")).first().waitFor();
    },
    limitMs,
  );
});

describe("A dialog that is left", () => {
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
    );

  test(
    "gives the focus back to the button that opened it",
    async () => {
      const button = page.getByRole("button", { name: "Add documents" });
      await button.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Add to the knowledge" });
      await dialog.waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await focused()).toBe("Add documents");
    },
    limitMs,
  );

  test(
    "and to the button of the menu that led to it; what was chosen stays chosen",
    async () => {
      const chosen = page.getByRole("checkbox", { name: "Choose care-59" });
      await chosen.check();
      await page.getByRole("button", { name: "More about care-59" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Delete…" }).press("Enter");
      const dialog = page.getByRole("alertdialog");
      await dialog.waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await focused()).toBe("More about care-59.txt");
      expect(await chosen.isChecked()).toBe(true);
      await chosen.uncheck();
    },
    limitMs,
  );
});

describe("What is added by hand", () => {
  test(
    "is chosen in one place by keyboard, keeps what was typed, and is there when it was sent",
    async () => {
      await page.getByRole("button", { name: "Add documents" }).click();
      const dialog = page.getByRole("dialog", { name: "Add to the knowledge" });
      await dialog.getByRole("tab", { name: "Files" }).focus();
      for (const name of ["Text", "Question and answer", "Web page", "Web site"]) {
        await page.keyboard.press("ArrowRight");
        await dialog.getByRole("tab", { name, selected: true }).waitFor();
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      await dialog.getByRole("tab", { name: "Web page" }).click();
      await dialog.getByLabel("Address of the page").fill("not an address");
      await dialog.getByRole("button", { name: "Add page" }).click();
      await dialog.getByText(/This is not a web address/).waitFor();
      await dialog.getByRole("tab", { name: "Text" }).click();
      await dialog.getByLabel("Title").fill("Opening hours");
      await dialog.getByRole("tab", { name: "Files" }).click();
      await dialog.getByRole("tab", { name: "Text" }).click();
      await dialog.getByRole("textbox", { name: "Text" }).fill("We are closed on Sundays.");
      await dialog.getByRole("button", { name: "Add text" }).click();
      await dialog.waitFor({ state: "detached" });
      await row("Opening hours").getByText("Ready", { exact: true }).filter({ visible: true }).waitFor();
      await page.getByRole("link", { name: "Opening hours" }).click();
      await page.getByRole("button", { name: "Edit…" }).click();
      const edit = page.getByRole("dialog", { name: "Edit the text" });
      const text = edit.getByRole("textbox", { name: "Text" });
      await page.waitForFunction(
        () => document.querySelector("textarea")?.value === "We are closed on Sundays.",
      );
      await text.fill("We are closed on Sundays and Mondays.");
      await edit.getByRole("button", { name: "Save" }).click();
      await edit.waitFor({ state: "detached" });
      await page.getByText("We are closed on Sundays and Mondays.").waitFor();
      await page.getByRole("link", { name: "All documents" }).click();
      await row("Opening hours").getByText("Ready", { exact: true }).filter({ visible: true }).waitFor();
      // The same once more is not added, and the form says so.
      await page.getByRole("button", { name: "Add documents" }).click();
      await dialog.getByRole("tab", { name: "Text" }).click();
      await dialog.getByLabel("Title").fill("Closing days");
      await dialog.getByRole("textbox", { name: "Text" }).fill("We are closed on Sundays and Mondays.");
      await dialog.getByRole("button", { name: "Add text" }).click();
      await dialog.getByText("This text is in your documents already:").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByRole("link", { name: "Opening hours" }).click();
      await page.getByRole("heading", { name: "Opening hours", level: 1 }).waitFor();
      await page.getByRole("link", { name: "All documents" }).click();
      await page.getByRole("button", { name: "More about Opening hours" }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await page.getByRole("button", { name: "Delete document" }).click();
      await row("Opening hours").waitFor({ state: "detached" });
    },
    limitMs,
  );
});

describe("A document", () => {
  test(
    "gets a name of its own and tags, by keyboard, and is found by them",
    async () => {
      await page.goto(`${shop.server.url}/knowledge?q=workshops`);
      await page.getByRole("link", { name: "workshops.md" }).click();
      await page.getByRole("heading", { name: "workshops.md", level: 1 }).waitFor();
      await page.getByRole("button", { name: "Rename" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.type("Workshops and gift cards");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Workshops and gift cards", level: 1 }).waitFor();
      await pressUntilFocused(page, "Tab", "New tag");
      for (const tag of ["prices", "events"]) {
        await page.keyboard.type(tag);
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: `Remove the tag ${tag}` }).waitFor();
      }
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole("button", { name: "Remove the tag events" }).click();
      await page.getByRole("button", { name: "Remove the tag events" }).waitFor({ state: "detached" });
      await page.getByRole("link", { name: "All documents" }).click();
      await page.getByRole("combobox", { name: "Tag" }).selectOption({ label: "prices (1)" });
      await row("Workshops and gift cards").waitFor();
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    },
    limitMs,
  );

  test(
    "is replaced by a new version and keeps its name",
    async () => {
      await page.getByRole("link", { name: "Workshops and gift cards" }).click();
      await page.getByText("They cost 25 euros per person").waitFor();
      const picker = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Replace…" }).click();
      const text = "# Workshops\n\nPruning workshops cost 30 euros per person from now on.\n";
      await (await picker).setFiles([
        { name: "workshops-new.md", mimeType: "text/markdown", buffer: Buffer.from(text) },
      ]);
      await page.getByText("Pruning workshops cost 30 euros per person from now on.").waitFor();
      await page.getByRole("heading", { name: "Workshops and gift cards", level: 1 }).waitFor();
      const facts = page.getByRole("complementary", { name: "About this document" });
      await facts.getByRole("definition").filter({ hasText: /^2$/ }).waitFor();
    },
    limitMs,
  );

  test(
    "shows its passages, and each of them in its text",
    async () => {
      await page.getByRole("link", { name: /^Passages/ }).click();
      await page.getByText(/\d+ tokens/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole("link", { name: "Show passage 1 in the text" }).click();
      await page.getByText("Passage 1 is marked").waitFor();
      expect(await page.locator("mark").first().textContent()).toContain("Pruning workshops cost 30 euros");
    },
    limitMs,
  );

  test(
    "names the questions that were answered from it, with the way to the conversation",
    async () => {
      await ana.goTo("Try it");
      await page.getByLabel("Your question").fill("What do pruning workshops cost?");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Source 1: Workshops and gift cards" }).click();
      const source = page.getByRole("dialog", { name: "Workshops and gift cards" });
      await source.getByRole("link", { name: "Show in the document" }).click();
      await page.getByText("Passage 1 is marked").waitFor();
      expect(await page.locator("mark.bg-accent").textContent()).toBe(
        "Pruning workshops cost 30 euros per person from now on.",
      );
      await page.getByRole("link", { name: "What do pruning workshops cost?" }).click();
      await page.getByRole("list", { name: "Messages" }).getByText("30 euros").first().waitFor();
    },
    limitMs,
  );

  test(
    "that is not there any more is said in words, and an unknown passage too",
    async () => {
      await page.goto(`${shop.server.url}/knowledge?q=workshops`);
      await page.getByRole("link", { name: "Workshops and gift cards" }).click();
      await page.getByRole("heading", { name: "Workshops and gift cards", level: 1 }).waitFor();
      await page.goto(`${page.url()}?chunk=${nowhere}`);
      await page.getByText("The passage you came for is not in this document any more").waitFor();
      await page.getByText("Pruning workshops cost 30 euros per person from now on.").waitFor();
      await page.goto(`${shop.server.url}/knowledge/${nowhere}`);
      await page.getByText("This document is not there").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    },
    limitMs,
  );
});

describe("The test search", () => {
  test(
    "shows on Enter what is found, why, and how long it took, and leads to the passage",
    async () => {
      await ana.goTo("Knowledge");
      await page.getByRole("link", { name: "Test search" }).click();
      await page.getByText("What would a visitor ask?").waitFor();
      await page.getByRole("searchbox").fill("How much does delivery cost?");
      await page.keyboard.press("Enter");
      const first = page
        .getByRole("listitem")
        .filter({ has: page.getByRole("heading", { level: 3 }) })
        .first();
      await first.getByText("Found by its words and by its meaning.").waitFor();
      await first.locator("mark", { hasText: "Delivery" }).first().waitFor();
      await first.getByText("meaning (cosine)").waitFor();
      await page.getByRole("region", { name: "How long it took" }).getByText("Altogether").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);

      await page.getByRole("button", { name: "Words only" }).click();
      await first.getByText("Found by its words.").waitFor();
      expect(await first.getByText("meaning (cosine)").count()).toBe(0);
      expect(new URL(page.url()).searchParams.get("mode")).toBe("keyword");

      await page.goto(`${shop.server.url}/knowledge/search?q=How+much+does+delivery+cost%3F`);
      await first.getByRole("link").click();
      await page.getByText(/^Passage \d+ is marked/).waitFor();
      await page.getByText("Delivery costs 4.90 euros and is free for orders above 60 euros.").waitFor();
    },
    limitMs,
  );

  test(
    "says so when nothing fits",
    async () => {
      await page.goto(`${shop.server.url}/knowledge/search?q=zzzz&mode=keyword`);
      await page.getByText("Nothing fits this question").waitFor();
      await page.getByText("No passage has “zzzz”.").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    },
    limitMs,
  );
});

describe("Everything", () => {
  for (const [name, colorScheme, width] of [
    ["light", "light", 1280],
    ["dark", "dark", 1280],
    ["on a phone", "light", 375],
  ] as const)
    test(
      `can be read and fits the window, ${name}`,
      async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 850 });
        const faults: string[] = [];
        const looks = [
          ["/knowledge", /documents with/],
          ["/knowledge/search?q=How+much+does+delivery+cost%3F", /the best first/],
        ] as const;
        for (const [path, text] of looks) {
          await page.goto(shop.server.url + path);
          await page.getByText(text).first().waitFor();
          faults.push(...(await accessibilityFaults(page)));
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (beyond > 0) faults.push(`${path} is ${beyond} px too wide`);
        }
        expect(faults).toEqual([]);
      },
      limitMs,
    );
});

describe("Ana throws away", () => {
  test(
    "one document, and is told what goes with it",
    async () => {
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 1280, height: 850 });
      await page.goto(`${shop.server.url}/knowledge?q=workshops`);
      await page.getByRole("link", { name: "Workshops and gift cards" }).click();
      await page.getByRole("button", { name: "Delete…" }).click();
      const ask = page.getByRole("alertdialog", { name: "Delete “Workshops and gift cards”?" });
      await ask.getByText(/its one passage are removed for good/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await ask.getByRole("button", { name: "Delete document" }).click();
      await page.getByRole("heading", { name: "Knowledge", level: 1 }).waitFor();
      await page.getByText(`${many + 1} documents with`).waitFor();
    },
    limitMs,
  );

  test(
    "all that fit a search, also those further down, and sees how far it is",
    async () => {
      await page.goto(`${shop.server.url}/knowledge?q=care`);
      await row("care-59").waitFor();
      await page.getByRole("checkbox", { name: "Choose all documents in this list" }).check();
      await page.getByText("50 documents chosen").waitFor();
      await page.getByRole("button", { name: "Choose those further down too" }).click();
      await page.getByText(`${many} documents chosen`).waitFor();
      await page.getByRole("checkbox", { name: "Choose care-58.txt" }).uncheck();
      await page.getByRole("button", { name: "Delete…" }).click();
      const ask = page.getByRole("alertdialog", { name: `Delete ${many - 1} documents?` });
      await ask.getByText(`and ${many - 1} passages are removed for good`).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await ask.getByRole("button", { name: `Delete ${many - 1} documents` }).click();
      await ask.getByText(/^Deleting: \d+ of/).waitFor();
      await ask.waitFor({ state: "detached" });
      await row("care-58").waitFor();
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    },
    limitMs,
  );

  test("and was spared errors in the console and requests to other hosts", () => {
    expect(shop.complaints.found.filter((line) => !line.includes(nowhere))).toEqual([]);
  });
});
