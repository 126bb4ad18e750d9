import { describe, expect, test } from "bun:test";
import { strToU8, zipSync } from "fflate";
import { loadDocument } from "./index.ts";
import type { LoadErrorCode } from "./loader.ts";
import { bombZip, bytesOf } from "./test-files.fixture.ts";

async function outcome(source: string | Uint8Array, fileName: string): Promise<string | undefined> {
  const bytes = typeof source === "string" ? bytesOf(source) : source;
  return loadDocument(bytes, fileName).then(
    (document) => document.text,
    (error: { code?: LoadErrorCode }) => error.code,
  );
}

// No clock here: linear reading takes seconds at most, a quadratic step is over the limit of a test.
describe("hostile tables and data", () => {
  test("a single line of 50 MB is refused, whatever it is made of", async () => {
    expect(await outcome(new Uint8Array(50_000_000).fill(97), "a.csv")).toBe("too_large_inside");
    expect(await outcome(new Uint8Array(50_000_000).fill(44), "a.csv")).toBe("too_large_inside");
    expect(await outcome(`["${"a".repeat(50_000_000)}"]`, "a.json")).toBe("too_large_inside");
    expect(await outcome(`[${"1,".repeat(25_000_000)}1]`, "a.json")).toBe("too_large_inside");
  }, 30_000);

  test("quotation marks that never end are read to the end of the file", async () => {
    const source = `a,b\n${'"x,y\n'.repeat(100_000)}`;
    expect(await outcome(source, "a.csv")).toEndWith('a: "x | b: y');
    expect(await outcome(`a,b\n"${"x,yes\n".repeat(100_000)}`, "a.csv")).toEndWith("a: x | b: yes");
  }, 30_000);

  test("endless nesting is given up", async () => {
    expect(await outcome("[".repeat(1_000_000), "a.json")).toBe("too_deep");
    expect(await outcome('{"a":'.repeat(100_000), "a.json")).toBe("too_deep");
    expect(await outcome(`<?xml version="1.0"?>${"<a>".repeat(1_000_000)}`, "a.xml")).toBe("too_deep");
    expect(await outcome(`{\\rtf1${"{".repeat(1_000_000)}`, "a.rtf")).toBe("too_deep");
  });

  test("XML entities are not expanded and local files not read", async () => {
    const names = Array.from(
      { length: 10 },
      (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
    );
    const source = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/hostname">${names.join("")}]><x><a>&l9;</a><b>&f;</b></x>`;
    expect(await outcome(source, "a.xml")).toBe("a: &l9;\nb: &f;");
  });

  const PATHOLOGICAL: readonly string[] = [
    '"', ",", '""', '"\n', ";\n", "<", "<a", "<a b=", "&", "&a;", "<![CDATA[", "<!--", "<a/>", "{", "}", "\\", "\\u1?",
    "\\'", "\\'e4", "\\cell ", "\\row ", "\\trowd\\cellx1 ", "\\par ", "{\\footnote x}", "\\bin1", "[1,", '{"a":1}\n', "--b\n",
    "From a@b Mon 2024\nA:\n", "A: b\n", "=?", "=?utf-8?q?=", "x\n", "\u0301",
  ]; // biome-ignore format: a list
  const STARTS = {
    "a.csv": "a,b\n",
    "a.json": "[",
    "a.xml": "<?xml version='1.0'?><a>",
    "a.rtf": "{\\rtf1 x",
    "a.eml":
      "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n",
  };
  for (const piece of PATHOLOGICAL) {
    test(`half a megabyte of ${JSON.stringify(piece)} comes to an end`, async () => {
      for (const [name, start] of Object.entries(STARTS)) {
        expect(await outcome(start + piece.repeat(500_000 / piece.length), name)).toBeString();
      }
    });
  }
});

describe("hostile archives", () => {
  test("an entry of a gigabyte that claims ten bytes is left out and said so", async () => {
    const document = await loadDocument(bombZip("big.txt", 1_000, [["ok.txt", "fine"]]), "a.zip");
    expect(document.text).toBe("ok.txt\n\nfine");
    expect(document.note).toBe(
      "1 of 2 files could not be read: big.txt (holds too much to be read at once).",
    );
  }, 30_000);

  test("an archive of archives that unpack to gigabytes is refused as a whole", async () => {
    const inner = zipSync({ "zeros.txt": new Uint8Array(45_000_000) });
    const file = zipSync(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.zip`, inner])),
    );
    expect(await outcome(file, "a.zip")).toBe("too_large_inside");
  }, 30_000);

  test("more than 10,000 files are refused, in one archive or in several inside of it", async () => {
    const files = (count: number): Record<string, Uint8Array> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.txt`, strToU8("x")]));
    expect(await outcome(zipSync(files(100_000), { level: 0 }), "a.zip")).toBe("too_large_inside");
    const inner = zipSync(files(2_000), { level: 0 });
    const file = zipSync(
      Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`${index}.zip`, inner])),
    );
    expect(await outcome(file, "a.zip")).toBe("too_large_inside");
  }, 30_000);

  test("a gzip bomb is given up", async () => {
    expect(await outcome(Bun.gzipSync(new Uint8Array(200_000_000)), "a.gz")).toBe("too_large_inside");
  }, 30_000);
});

describe("hostile e-mails", () => {
  const head = "From: a@b.example\r\nSubject: S\r\nMIME-Version: 1.0\r\n";
  const parts = (count: number, headers: string): string =>
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\n${headers}\r\n\r\nhello\r\n`.repeat(count)}--b--`;

  test("10,000 parts of text are read, and of 10,000 attachments the first 200", async () => {
    const text = await outcome(parts(10_000, "Content-Type: text/plain"), "a.eml");
    expect(text?.match(/hello/g)).toHaveLength(10_000);
    const file = parts(10_000, "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt");
    const document = await loadDocument(bytesOf(file), "a.eml");
    expect(document.text.match(/hello/g)).toHaveLength(200);
    expect(document.note).toStartWith(
      "9800 of 10000 attachments could not be read: a.txt (only the first 200",
    );
    expect(document.note?.length).toBeLessThanOrEqual(2_000);
  });

  test("more parts than any letter has are refused", async () => {
    expect(await outcome(parts(200_000, ""), "a.eml")).toBe("too_large_inside");
  });

  test("a thousand e-mails in each other are read two deep, a thousand parts in parts not at all", async () => {
    const letters = `${`${head}Content-Type: message/rfc822\r\n\r\n`.repeat(1_000)}${head}\r\nInnermost`;
    expect(await outcome(letters, "a.eml")).not.toContain("Innermost");
    const nested = Array.from(
      { length: 1_000 },
      (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
    );
    expect(await outcome(`${head}${nested.join("")}\r\nInnermost`, "a.eml")).toBe("too_deep");
  });
});
