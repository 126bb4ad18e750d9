/**
 * The product as people meet it: the compiled executable, a real browser, and only what can be seen. Ana sets up her
 * plant shop; Ben visits it. The tests are one story and run in order.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { BinaryServer, requireBinary } from "../../src/testing/binary.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { Complaints, launchChromium, newVisitor } from "./chromium.ts";
import { DashboardPage, owner } from "./dashboard-page.ts";
import { startForeignSite } from "./foreign-site.ts";
import { expectFocus, pressUntilFocused } from "./keyboard.ts";
import { shopFiles } from "./shop-files.ts";
import { WidgetPage } from "./widget-page.ts";

const deliveryCost = "Delivery costs 4.90 euros and is free for orders above 60 euros.";
const limitMs = 60_000;

let data: string;
let server: BinaryServer;
let browser: Browser;
let ana: DashboardPage;
let ben: WidgetPage;
let anasBrowser: BrowserContext;
const complaints = new Complaints();

beforeAll(async () => {
  requireBinary();
  browser = await launchChromium();
  data = mkdtempSync(join(tmpdir(), "metachat-story-"));
  server = await BinaryServer.start({ dataDir: data });
  complaints.allow(server.url);
  anasBrowser = await newVisitor(browser, complaints);
  ana = new DashboardPage(await anasBrowser.newPage());
  ben = new WidgetPage(await (await newVisitor(browser, complaints)).newPage());
}, limitMs);

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
  if (data !== undefined) rmSync(data, { recursive: true, force: true });
});

describe("Ana", () => {
  test(
    "makes her account with the link that the server printed",
    async () => {
      const { setupLink } = server.first;
      if (setupLink === null) throw new Error("The server printed no setup link.");
      await ana.page.goto(setupLink);
      await ana.page.getByRole("heading", { name: "Set up MetaChat" }).waitFor();
      expect(await accessibilityFaults(ana.page)).toEqual([]);
      await ana.setUp(setupLink);
      await ana.page.getByText(owner.business).filter({ visible: true }).waitFor();
    },
    limitMs,
  );

  test(
    "adds a PDF and a Markdown file and sees when they are ready",
    async () => {
      await ana.upload(shopFiles);
      expect(await ana.page.getByRole("row", { name: /delivery\.pdf.*PDF/ }).isVisible()).toBe(true);
      expect(await ana.page.getByRole("row", { name: /workshops\.md.*Markdown/ }).isVisible()).toBe(true);
      await ana.goTo("Home");
      await ana.page.getByText("Documents are there").waitFor();
    },
    limitMs,
  );
});

describe("Ana, trying it herself,", () => {
  test(
    "reads what a visitor would read, and leaves nobody waiting",
    async () => {
      await ana.goTo("Try it");
      const ask = async (question: string) => {
        await ana.page.getByLabel("Your question").fill(question);
        await ana.page.keyboard.press("Enter");
      };
      await ask("Who was the first person on the moon?");
      await ana.page.getByText(/I don't know/).waitFor();
      await ana.page.getByText(/the visitor would now wait for a person/).waitFor();
      await ask("How much does delivery cost?");
      await ana.page.getByRole("button", { name: "Source 1: delivery.pdf" }).waitFor();
      await ana.goTo("Conversations");
      await ana.page
        .getByRole("link", { name: /^Try it/ })
        .last()
        .waitFor();
      await ana.page.getByRole("button", { name: /^Needs a person/ }).click();
      await ana.page.getByText("Nobody is waiting").waitFor();
    },
    limitMs,
  );
});

describe("Ben", () => {
  test(
    "asks on the demo page and gets an answer with its source, word for word",
    async () => {
      await ben.page.goto(`${server.url}/demo`);
      await ben.open();
      await ben.ask("How much does delivery cost?");
      await ben.sees(deliveryCost);
      await ben.thread.getByRole("button", { name: "Source 1: delivery.pdf" }).click();
      const source = ben.page.getByRole("dialog", { name: "delivery.pdf" });
      await source.getByText(deliveryCost).waitFor();
      await source.getByText("page 1").waitFor();
      await source.getByRole("button", { name: "Close" }).click();
    },
    limitMs,
  );

  test(
    "finds the conversation again after a reload, once",
    async () => {
      await ben.page.reload();
      await ben.open();
      await ben.sees(deliveryCost);
      expect(await ben.thread.getByText("How much does delivery cost?").count()).toBe(1);
      expect(await ben.thread.getByText(deliveryCost).count()).toBe(1);
    },
    limitMs,
  );

  test(
    "hears that the assistant does not know, leaves an address and goes on with it",
    async () => {
      await ben.ask("Who was the first person on the moon?");
      await ben.sees(/I don't know/);
      await ben.sees(/From here a person answers/);
      await ben.panel.getByText("Waiting for a person").waitFor();
      await ben.panel.getByLabel(/Where can we reach you/).fill("ben@example.org");
      await ben.panel.getByRole("button", { name: "Send" }).first().click();
      await ben.panel.getByText("If nobody is online, the answer comes by e-mail.").waitFor();
      await ben.panel.getByRole("button", { name: "Go on with the assistant" }).click();
      await ben.sees(/From here the assistant answers/);
      await ben.ask("What do pruning workshops cost?");
      await ben.sees(/They cost 25 euros per person/);
    },
    limitMs,
  );
});

describe("Ana and Ben", () => {
  test(
    "talk to each other live, and Ana gives the conversation back",
    async () => {
      await ben.panel.getByRole("button", { name: "Talk to a person" }).click();
      await ben.panel.getByText("Waiting for a person").waitFor();

      await ana.goTo("Conversations");
      await ana.page.getByRole("button", { name: /^Needs a person/ }).click();
      await ana.page.getByRole("link", { name: /ben@example\.org/ }).click();
      const thread = ana.page.getByRole("list", { name: "Messages" });
      await thread.getByText("Who was the first person on the moon?").waitFor();
      await thread.getByText(/asked for by the visitor/).waitFor();

      await ana.page.getByLabel("Your reply").fill("Hello Ben, this is Ana. It was Neil Armstrong.");
      await ana.page.keyboard.press("Control+Enter");
      await ben.sees("Hello Ben, this is Ana. It was Neil Armstrong.");
      await ben.ask("Thank you, Ana.");
      await thread.getByText("Thank you, Ana.").waitFor();

      await ana.page.getByRole("button", { name: "Give back to the assistant" }).click();
      await thread
        .getByText(/From here the assistant answers/)
        .last()
        .waitFor();
      await ben.sees("I am back. What else would you like to know?");
      await ben.ask("Which gift cards do you sell?");
      await ben.sees(/in amounts of 20, 50 and 100 euros/);
      await thread.getByText(/in amounts of 20, 50 and 100 euros/).waitFor();
    },
    limitMs,
  );

  test(
    "see why the assistant did not know",
    async () => {
      const thread = ana.page.getByRole("list", { name: "Messages" });
      const unknown = thread.getByRole("listitem").filter({ hasText: "I don't know" });
      await unknown.getByRole("button", { name: "How it came about" }).click();
      const drawer = ana.page.getByRole("dialog", { name: "How the answer came about" });
      await drawer.getByText("Searched the documents").waitFor();
      await drawer.getByRole("list", { name: "Passages" }).getByText("delivery.pdf").first().waitFor();
      await drawer.getByRole("button", { name: "Close" }).click();
    },
    limitMs,
  );
});

describe("Ana's own site", () => {
  test(
    "is refused until she names it in the settings",
    async () => {
      await ana.goTo("Settings");
      const snippet = await ana.page.getByText(/<script async src=/).textContent();
      await using site = startForeignSite(snippet ?? "", server.url);
      complaints.allow(site.origin);
      const visitor = new WidgetPage(await (await newVisitor(browser, complaints)).newPage());
      await visitor.page.goto(site.origin);
      await visitor.open();
      await visitor.panel.getByText("This page is not on the list of allowed sites for this chat.").waitFor();

      await ana.allowSite(site.origin);
      await visitor.page.reload();
      await visitor.open();
      await visitor.panel.getByText("Online").waitFor();
      await visitor.ask("How much does delivery cost?");
      await visitor.sees(deliveryCost);
      await visitor.page.context().close();
    },
    limitMs,
  );
});

describe("Everybody", () => {
  test(
    "can use the widget with the keyboard alone",
    async () => {
      const { page } = new WidgetPage(await (await newVisitor(browser, complaints)).newPage());
      const widget = new WidgetPage(page);
      await page.goto(`${server.url}/demo`);
      const launcher = page.getByRole("button", { name: "Open chat" });
      await launcher.waitFor();
      await pressUntilFocused(page, "Shift+Tab", "Open chat");
      await page.keyboard.press("Enter");
      await widget.panel.getByText("Online").waitFor();
      await page.keyboard.type("How much does delivery cost?");
      await page.keyboard.press("Enter");
      await widget.sees(deliveryCost);

      await pressUntilFocused(page, "Shift+Tab", "Source 1: delivery.pdf");
      await page.keyboard.press("Enter");
      const source = page.getByRole("dialog", { name: "delivery.pdf" });
      await source.getByText(deliveryCost).waitFor();
      await page.keyboard.press("Escape");
      await source.waitFor({ state: "hidden" });
      await expectFocus(page, "Source 1: delivery.pdf");

      await pressUntilFocused(page, "Tab", "Talk to a person");
      await page.keyboard.press("Enter");
      await widget.panel.getByText("Waiting for a person").waitFor();
      await page.keyboard.press("Escape");
      await widget.panel.waitFor({ state: "hidden" });
      await expectFocus(page, "Open chat");
      await page.context().close();
    },
    limitMs,
  );

  for (const colorScheme of ["light", "dark"] as const) {
    test(
      `can read every page, ${colorScheme}`,
      async () => {
        await ana.page.emulateMedia({ colorScheme });
        const faults: string[] = [];
        const look = async () => faults.push(...(await accessibilityFaults(ana.page)));
        for (const place of ["Home", "Knowledge", "Settings"] as const) {
          await ana.goTo(place);
          await look();
        }
        await ana.goTo("Try it");
        await ana.page.getByLabel("Your question").fill("How much does delivery cost?");
        await ana.page.keyboard.press("Enter");
        await ana.page.getByText(deliveryCost).first().waitFor();
        await ana.page.getByText("Searched the documents").waitFor();
        await look();
        await ana.goTo("Conversations");
        await ana.page.getByRole("link", { name: /ben@example\.org/ }).click();
        await ana.page.getByRole("list", { name: "Messages" }).getByText("Thank you, Ana.").waitFor();
        await look();
        await ben.page.emulateMedia({ colorScheme });
        await ben.panel.waitFor();
        faults.push(...(await accessibilityFaults(ben.page)));
        expect(faults).toEqual([]);
      },
      limitMs,
    );
  }

  test(
    "finds the sign-in page readable, and Ana comes back with her password",
    async () => {
      const page = await (await newVisitor(browser, complaints)).newPage();
      await page.goto(`${server.url}/knowledge`);
      await page.getByLabel("E-mail").fill(owner.email);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByLabel("Password").fill(owner.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Knowledge", level: 1 }).waitFor();
      await page.context().close();
    },
    limitMs,
  );

  test(
    "can read the API's description",
    async () => {
      const page = await (await newVisitor(browser, complaints)).newPage();
      await page.goto(`${server.url}/docs`);
      await page.getByText("/api/v1/documents", { exact: true }).first().waitFor();
      await page.context().close();
    },
    limitMs,
  );

  test("was spared errors in the console and requests to other hosts", () => {
    expect(complaints.found).toEqual([]);
  });
});
