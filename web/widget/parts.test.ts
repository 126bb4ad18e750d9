import { describe, expect, test } from "bun:test";
import { askedDelay, backoffDelay } from "./backoff.ts";
import { accentColours, contrast, parseHex } from "./colour.ts";
import { liveUrl, readConfig } from "./config.ts";
import { plainText } from "./plain-text.ts";
import { nextReveal } from "./reveal.ts";
import { sheet } from "./sheet.ts";
import { fill, languages, pickLocale, stringsOf } from "./strings.ts";

describe("back-off", () => {
  test("doubles up to half a minute, with anything below as jitter", () => {
    expect([0, 1, 2, 5, 6, 7, 100].map((attempt) => backoffDelay(attempt, () => 1))).toEqual([
      500, 1000, 2000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(backoffDelay(3, () => 0)).toBe(0);
    expect(backoffDelay(3, () => 0.5)).toBe(2000);
  });

  test("a wait the server asks for is kept within reason", () => {
    expect(["4000", "0", "-5", "99999999999", "soon", ""].map(askedDelay)).toEqual([
      4000, 1000, 1000, 900_000, 30_000, 30_000,
    ]);
  });
});

describe("configuration", () => {
  const src = "https://chat.example/widget.js";

  test("a channel is enough", () => {
    expect(readConfig(src, { channel: "pk" })).toEqual({
      origin: "https://chat.example",
      channel: "pk",
      position: "right",
      offsetX: 20,
      offsetY: 20,
      theme: "auto",
      open: false,
    });
  });

  test("everything else is read leniently", () => {
    const data = {
      channel: "pk",
      position: "left",
      offsetX: "40px",
      offsetY: "-3",
      color: "#ABC",
      theme: "x",
      open: "",
    };
    expect(readConfig(src, data)).toMatchObject({
      position: "left",
      offsetX: 40,
      offsetY: 0,
      color: "#aabbcc",
      theme: "auto",
      open: true,
    });
    expect(readConfig(src, { channel: "pk", color: "red; x", open: "false" })).not.toHaveProperty("color");
  });

  test("without a channel or an address there is nothing to do", () => {
    expect(readConfig(src, {})).toBeUndefined();
    expect(readConfig("", { channel: "pk" })).toBeUndefined();
  });

  test("the socket's address has the scheme of the script and the escaped key", () => {
    const config = readConfig("http://127.0.0.1:3210/widget.js", { channel: "a&b" });
    expect(config && liveUrl(config)).toBe("ws://127.0.0.1:3210/widget/v1/live?channel=a%26b");
  });
});

describe("languages", () => {
  test("every language has every text, with the same placeholders", () => {
    const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [tag, strings] of Object.entries(languages)) {
      expect(Object.keys(strings).sort()).toEqual(Object.keys(stringsOf("en")).sort());
      for (const [key, text] of Object.entries(stringsOf("en"))) {
        const own = Reflect.get(strings, key);
        expect([tag, key, placeholders(String(own))]).toEqual([tag, key, placeholders(text)]);
        expect(String(own)).not.toMatch(/^\s*$|!|\s$/);
      }
    }
  });

  test("the first known wish counts, with its region", () => {
    expect(pickLocale([undefined, "pt-BR", "de-AT", "en"])).toBe("de-AT");
    expect(pickLocale(["zh_TW"])).toBe("zh");
    expect(pickLocale(["constructor", "nb"])).toBe("en");
  });

  test("values are filled in", () => {
    expect(fill("{n} of {m}", { n: 3 })).toBe("3 of {m}");
  });
});

describe("the colour of the business", () => {
  test.each(["#ffcc00", "#5a1e8d", "#000000", "#ffffff", "#7f7f7f", "#00ff00", "#0000ff"])(
    "%s stays readable",
    (hex) => {
      for (const dark of [false, true]) {
        const colours = accentColours(hex, dark);
        expect(contrast(parseHex(colours.accent), parseHex(colours.onAccent))).toBeGreaterThan(4.5);
        expect(contrast(parseHex(colours.accentText), parseHex(colours.accentSoft))).toBeGreaterThan(4.5);
        expect(
          contrast(parseHex(colours.accentText), parseHex(dark ? "#1a1d20" : "#ffffff")),
        ).toBeGreaterThan(4.5);
      }
    },
  );
});

describe("appearing word by word", () => {
  function steps(text: string): string[] {
    const shown: string[] = [];
    for (let at = 0, next = nextReveal(text, 0); next > at; next = nextReveal(text, at)) {
      shown.push(text.slice(at, next));
      at = next;
    }
    return shown;
  }

  test("whole words only, and the last one when it is complete", () => {
    expect(steps("We are op")).toEqual(["We", " are"]);
    expect(steps("We are open ").join("")).toBe("We are open ");
  });

  test("a long backlog is caught up in a few steps", () => {
    expect(steps("word ".repeat(400)).length).toBeLessThan(80);
  });

  test("scripts without spaces and endless words are not held back", () => {
    expect(steps("我们每天营业").join("")).toBe("我们每天营业");
    expect(steps("a".repeat(100)).join("")).toHaveLength(100);
  });
});

test("an answer is copied and read out without marks and numbers", () => {
  expect(plainText("Open **daily** [1].\n\n- a [2]\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |")).toBe(
    "Open daily.\n- a\n- b\na, b\n1, 2",
  );
});

test("the style sheet loses its comments and nothing else", () => {
  const css = sheet();
  expect(css).not.toContain("/*");
  expect(css).toContain("calc(var(--launcher) + 12px)");
  expect(css.split("{").length).toBe(css.split("}").length);
});
