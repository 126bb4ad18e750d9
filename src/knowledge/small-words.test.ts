import { expect, test } from "bun:test";
import { addText, startTestApp } from "../testing/test-app.ts";

test("sharing a small word with a text counts next to nothing, however few texts there are", async () => {
  await using app = await startTestApp();
  const { id, apiKey } = await app.createTenant("Zweirad");
  for (const [index, text] of [
    "Unser Laden liegt am Hafen. Sie finden den Eingang im Hof.",
    "Fahrräder werden im ganzen Stadtgebiet geliefert.",
    "Rückgaben sind binnen 30 Tagen möglich.",
    "Werkstatt und Ersatzteile gibt es im Keller.",
  ].entries())
    await addText(app, apiKey, `Text ${index}`, text);
  const coverage = async (question: string) => {
    const { passages } = await app.app.search.search(id, { question, limit: 4, mode: "keyword" });
    return passages[0]?.features.sentence ?? 0;
  };
  expect(await coverage("Verkaufen Sie Einräder?")).toBeLessThan(0.12);
  expect(await coverage("Wo liegt der Laden?")).toBeGreaterThan(0.3);
});
