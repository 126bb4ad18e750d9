import { expect, test } from "bun:test";
import { strToU8, zipSync } from "fflate";
import iconv from "iconv-lite";
import { loadDocument } from "./index.ts";
import { bytesOf, outline, pdfFile, rawZip } from "./test-files.fixture.ts";

const photo = Buffer.from("89504e470d0a1a0a0000", "hex");

test("an archive is one document: a section for each file, and a note on those that could not be read", async () => {
  const file = zipSync({
    "help/returns.md": strToU8("# Returns\n\nSend it back."),
    "manual.pdf": pdfFile([[{ text: "Page one.", y: 700 }], [{ text: "Page two.", y: 700 }]]),
    "photo.jpg": photo,
    "empty.txt": new Uint8Array(),
    "site/style.css": strToU8("p { color: red }"),
    "__MACOSX/._returns.md": strToU8("junk"),
    ".DS_Store": strToU8("junk"),
    "Thumbs.db": strToU8("junk"),
  });
  const document = await loadDocument(file, "all.zip");
  expect(document.format).toBe("zip");
  expect(document.title).toBeUndefined();
  expect(outline(document)).toEqual([
    "heading1: help/returns.md",
    "heading2: Returns",
    "paragraph: Send it back.",
    "heading1: manual.pdf",
    "paragraph: Page one.",
    "paragraph: Page two.",
  ]);
  expect(document.blocks.map((block) => block.page)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    1,
    2,
  ]);
  expect(document.note).toBe(
    "3 of 5 files could not be read: photo.jpg (pictures hold no text), empty.txt (empty), site/style.css (program code is no document).",
  );
});

test("archives inside are read two deep, and what lies deeper is named", async () => {
  let file = zipSync({ "deepest.txt": strToU8("deepest") });
  for (const level of [3, 2, 1, 0])
    file = zipSync({ "in.zip": file, [`level${level}.txt`]: strToU8(`Level ${level}`) });
  const document = await loadDocument(file, "a.zip");
  expect(document.text).toContain("Level 2");
  expect(document.text).not.toContain("Level 3");
  expect(document.note).toBe(
    "In in.zip: In in.zip: 1 of 2 files could not be read: in.zip (nested too deeply).",
  );
});

test("names are labels: paths out of the archive, control and direction characters are cleaned", async () => {
  const file = zipSync({
    "../../etc/x.txt": strToU8("a"),
    "b\0\u202Etxt.exe.txt": strToU8("b"),
    "c\\d.txt": strToU8("c"),
  });
  expect(outline(await loadDocument(file, "a.zip")).filter((line) => line.startsWith("heading"))).toEqual([
    "heading1: etc/x.txt",
    "heading1: btxt.exe.txt",
    "heading1: c/d.txt",
  ]);
});

test.each([
  ["cp932", "文章.txt"],
  ["cp437", "Preisübersicht.txt"],
  ["cp866", "Прайс лист.txt"],
  ["utf-8", "价格 é.txt"],
])("names of files are decoded from %s", async (encoding, name) => {
  const file = rawZip([{ name: iconv.encode(name, encoding), content: bytesOf("x") }]);
  expect((await loadDocument(file, "a.zip")).blocks[0]?.text).toBe(name);
});

test("an archive with nothing to read is refused with the reasons", async () => {
  const refusal = (file: Uint8Array): Promise<unknown> =>
    loadDocument(file, "a.zip").catch((error: unknown) => error);
  expect(await refusal(zipSync({ "a.png": photo }))).toMatchObject({
    code: "not_supported_yet",
    message: "None of the files in this archive could be read: a.png (pictures hold no text).",
  });
  expect(await refusal(zipSync({}))).toMatchObject({ code: "no_text" });
  const secret = { name: bytesOf("a.txt"), content: bytesOf("x"), encrypted: true };
  expect(await refusal(rawZip([secret]))).toMatchObject({ code: "encrypted" });
  expect(await refusal(zipSync({ "a.txt": strToU8("x") }).slice(0, -30))).toMatchObject({ code: "damaged" });
  const open = { name: bytesOf("b.txt"), content: bytesOf("open") };
  expect(await refusal(rawZip([secret, open]))).toMatchObject({
    note: "1 of 2 files could not be read: a.txt (protected with a password).",
  });
});

test("an archive behind an unpacking program is read", async () => {
  const file = Buffer.concat([Buffer.from("MZ\0\0".repeat(100)), zipSync({ "a.txt": strToU8("Hello") })]);
  expect((await loadDocument(file, "setup.exe")).text).toBe("a.txt\n\nHello");
});

test("a gzip file is the file in it; other archives are refused with advice", async () => {
  expect((await loadDocument(Bun.gzipSync("Hello"), "a.txt.gz")).text).toBe("Hello");
  const refusal = loadDocument(bytesOf("Rar!\x1a\x07\x01\0 rest"), "a.rar");
  expect(refusal).rejects.toMatchObject({
    code: "not_supported_yet",
    message: expect.stringMatching(/^RAR archives cannot be read yet\..*ZIP/),
  });
});

const part = (headers: string, body: string): string => `--b\r\n${headers}\r\n\r\n${body}\r\n`;
const attached = (name: string, base64: string): string =>
  part(
    `Content-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64`,
    base64,
  );
const letter = (...parts: readonly string[]): Uint8Array =>
  bytesOf(
    `Received: by mx\r\nFrom: =?utf-8?q?J=C3=BCrgen?= <j@x.example>\r\nTo: Ann <a@x.example>, b@x.example\r\nSubject: =?iso-8859-1?Q?Pr=E4sent?=\r\nDate: Fri, 6 Sep 2024 13:07:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join("")}--b--\r\n`,
  );
const envelope =
  "paragraph: From: Jürgen <j@x.example> | To: Ann <a@x.example>, b@x.example | Date: Fri, 6 Sep 2024 13:07:00 +0200";

test("an e-mail is its subject, people, text and readable attachments", async () => {
  const document = await loadDocument(
    letter(
      part("Content-Type: text/plain; charset=utf-8", "Hello\r\n\r\n> You wrote: when?\r\n"),
      attached("prices.csv", btoa("a,b\n1,2\n")),
      attached("logo.png", Buffer.from(photo).toString("base64")),
      part(
        "Content-Type: message/rfc822",
        "From: x@y.example\r\nSubject: Inner\r\nMIME-Version: 1.0\r\n\r\nInner text",
      ),
    ),
    "no-extension",
  );
  expect(document).toMatchObject({
    format: "eml",
    title: "Präsent",
    note: "1 of 3 attachments could not be read: logo.png (pictures hold no text).",
  });
  expect(outline(document)).toEqual([
    "heading1: Präsent",
    envelope,
    "paragraph: Hello",
    "paragraph: > You wrote: when?",
    "heading1: prices.csv",
    "table-row: a: 1 | b: 2",
    "heading1: Attached e-mail 3",
    "heading2: Inner",
    "paragraph: From: x@y.example",
    "paragraph: Inner text",
  ]);
});

test("an e-mail without plain text is read from its HTML", async () => {
  const html = part(
    "Content-Type: text/html; charset=utf-8",
    "<h1>Hallo</h1><p>Welt &amp; all</p><img src=http://x/y.png>",
  );
  expect(outline(await loadDocument(letter(html), "a.eml"))).toEqual([
    "heading1: Präsent",
    envelope,
    "heading2: Hallo",
    "paragraph: Welt & all",
  ]);
});

test("an encrypted e-mail is refused as encrypted, and a mailbox file gives all its messages", async () => {
  const secret =
    'From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary="b"\n\n--b\n\nx\n--b--\n';
  expect(loadDocument(bytesOf(secret), "a.eml")).rejects.toMatchObject({ code: "encrypted" });
  const message = (n: number): string =>
    `From a@b.example Mon Jan  1 00:00:00 2024\nFrom: a@b.example\nMessage-ID: <${n}>\nSubject: No. ${n}\n\nText ${n}\n\n`;
  const { blocks } = await loadDocument(bytesOf(message(1) + message(2)), "mail");
  expect(blocks.filter((block) => block.kind === "heading").map((block) => block.text)).toEqual([
    "No. 1",
    "No. 2",
  ]);
});
