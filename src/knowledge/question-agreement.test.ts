import { expect, test } from "bun:test";
import { asksTheSame, contradict } from "./question-agreement.ts";

const stored = "Do you deliver to Austria?";

test("small words, order and endings may differ", () => {
  for (const [one, other] of [
    [stored, "can you please deliver to austria"],
    [stored, "Is delivery to Austria possible?"],
    ["How much is a single room?", "What does a single room cost?"],
    ["How do I cancel my order?", "I want to cancel an order"],
    ["Wann schließt das Museum am Samstag?", "Um wie viel Uhr schließt das Museum samstags?"],
    ["Comment annuler ma réservation ?", "je veux annuler la réservation"],
    ["Radite li nedjeljom?", "Da li radite nedjelju?"],
    ["你们星期天营业吗？", "请问星期天营业吗"],
    ["May I bring my dog?", "Can I bring my dog?"],
  ] as const)
    expect([one, other, asksTheSame(one, other)]).toEqual([one, other, true]);
});

test("another name, number, direction, owner, or a negation makes another question", () => {
  for (const [one, other] of [
    [stored, "Do you deliver to Australia?"],
    [stored, "Do you deliver to Nigeria?"],
    [stored, "Do you deliver from Austria?"],
    [stored, "Do you not deliver to Austria?"],
    [stored, "How much is delivery to Austria?"],
    [stored, "Do you deliver?"],
    ["Do you deliver to Niger?", "Do you deliver to Nigeria?"],
    ["opening hours on Sunday", "opening hours on Monday"],
    ["Do you repair the X200?", "Do you repair the X2000?"],
    ["Is there parking for 2 cars?", "Is there parking for 3 cars?"],
    ["What is your phone number?", "What is my phone number?"],
    ["How do I get to you from the airport?", "How do I get from you to the airport?"],
    ["¿Puedo pagar con tarjeta?", "¿Puedo pagar sin tarjeta?"],
    ["Liefern Sie nach Österreich?", "Liefern Sie nicht nach Österreich?"],
    ["Вы доставляете в Казань?", "Вы не доставляете в Казань?"],
    ["你们星期天营业吗？", "你们星期一营业吗？"],
    ["你们星期天营业吗？", "你们星期天不营业吗？"],
  ] as const)
    expect([one, other, asksTheSame(one, other)]).toEqual([one, other, false]);
});

test("in a language that is not known every word counts", () => {
  expect(asksTheSame("Onko teillä parkkipaikka?", "parkkipaikka teillä onko")).toBe(true);
  expect(asksTheSame("Onko teillä parkkipaikka?", "Onko parkkipaikka?")).toBe(false);
});

test("questions of small words alone agree with nothing", () => {
  expect(asksTheSame("What is it?", "Is it this?")).toBe(false);
});

test("what belongs together may be put in quite other words, but not with another thing in a word's place", () => {
  expect(contradict("Can I bring my dog?", "Are pets welcome in the house?")).toBe(false);
  expect(contradict("Do you have gluten-free cakes?", "Do you have sugar-free cakes?")).toBe(true);
  expect(contradict("How long is shipping?", "How much is shipping?")).toBe(true);
  expect(contradict(stored, "Do you deliver to Australia?")).toBe(true);
  expect(contradict(stored, "Do you deliver from Austria?")).toBe(true);
  expect(contradict("What is your phone number?", "What is my phone number?")).toBe(true);
});

test("a message as long as may come here is compared in bounded work", () => {
  expect(asksTheSame("delivery austria ".repeat(120), stored)).toBe(true);
  expect(asksTheSame("从".repeat(2_000), "你们星期天营业吗？")).toBe(false);
});
