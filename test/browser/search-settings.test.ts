/** The owner sets how documents are searched, and sees in the test search what that does. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { overlapModel, putOverlapModel } from "../reranking/overlap-model.ts";
import { accessibilityFaults } from "./accessibility.ts";
import type { DashboardPage } from "./dashboard-page.ts";
import { OwnedShop } from "./owned-shop.ts";
import { shopFiles } from "./shop-files.ts";

const limitMs = 90_000;
let shop: OwnedShop;
let ana: DashboardPage;

beforeAll(async () => {
  shop = await OwnedShop.open();
  ({ ana } = shop);
  await ana.upload(shopFiles);
}, limitMs);
afterAll(() => shop?.[Symbol.asyncDispose]());

const section = () => ana.page.getByRole("region", { name: "Search", exact: true });
const field = (label: string) => section().getByLabel(label);

async function save(): Promise<void> {
  await section().getByRole("button", { name: "Save" }).click();
  await section().getByText("The next question is searched for this way.").waitFor();
}

test(
  "without a model for the order she reads that there is none; the rest is set with the keyboard, kept, and undone",
  async () => {
    await ana.goTo("Settings");
    expect(await field("Second model for the order").isDisabled()).toBe(true);
    await section().getByText("None is on this server.").waitFor();
    await section().getByRole("slider").focus();
    for (let step = 0; step < 4; step += 1) await ana.page.keyboard.press("ArrowLeft");
    await section().getByText("70 % words").waitFor();
    await field("Length of a passage").fill("200");
    await save();
    await ana.page.reload();
    await section().getByText("70 % words").waitFor();
    expect(await field("Length of a passage").inputValue()).toBe("200");
    expect(await accessibilityFaults(ana.page)).toEqual([]);
    await section().getByRole("button", { name: "Use the measured value" }).click();
    await section().getByText("both", { exact: true }).waitFor();
    await field("Length of a passage").fill("512");
    await save();
  },
  limitMs,
);

test(
  "a length that cannot be is not saved, and an empty one neither",
  async () => {
    for (const wrong of ["10", "9999", ""]) {
      await field("Length of a passage").fill(wrong);
      await section().getByRole("button", { name: "Save" }).click();
      expect(
        await field("Length of a passage").evaluate((input: HTMLInputElement) => input.validity.valid),
      ).toBe(false);
    }
    await section().getByRole("button", { name: "Undo changes" }).click();
    expect(await field("Length of a passage").inputValue()).toBe("512");
  },
  limitMs,
);

test(
  "a model that the operator adds can be chosen, and the test search says that it took part",
  async () => {
    putOverlapModel(shop.data);
    await ana.page.reload();
    await field("Second model for the order").selectOption(overlapModel);
    await save();
    await section().getByRole("link", { name: "test search" }).click();
    const question = ana.page.getByRole("searchbox");
    await question.fill("How long may a parcel be kept?");
    await question.press("Enter");
    await ana.page.getByText("The second model read it together with the question.").first().waitFor();
    await ana.page.getByText("Reading the best ones with the question").waitFor();
    await ana.page.getByText("second model", { exact: true }).first().waitFor();
    expect(await accessibilityFaults(ana.page)).toEqual([]);
  },
  limitMs,
);

test(
  "one that is gone from the server is still shown as chosen, and says so",
  async () => {
    rmSync(join(shop.data, "models"), { recursive: true });
    await ana.goTo("Settings");
    await ana.page.reload();
    await section().getByText(`${overlapModel} (not on this server)`).waitFor({ state: "attached" });
    await field("Second model for the order").selectOption({ label: "None" });
    await save();
  },
  limitMs,
);

test("no page complained", () => {
  expect(shop.complaints.found).toEqual([]);
});
