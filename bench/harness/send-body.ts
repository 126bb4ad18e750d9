/**
 * A client in a process of its own, so that it shares no event loop with the server that it sends to. Makes a body,
 * prints `ready`, waits for the end of its standard input, sends it as a new document, and fails unless it is taken.
 *
 *   bun bench/harness/send-body.ts URL API_KEY file|text BYTES
 */
const [url = "", key = "", kind = "file", size = "0"] = Bun.argv.slice(2);
const bytes = Number(size);

/** Sentences of which none is like another, with line breaks and letters beyond ASCII. */
function sentences(): string {
  const parts: string[] = [];
  for (let length = 0; length < bytes; ) {
    const part = `Öffnungszeit ${crypto.randomUUID()}: "von neun bis fünf", täglich – außer an Feiertagen.\n`;
    parts.push(part);
    length += Buffer.byteLength(JSON.stringify(part)) - 2;
  }
  return parts.join("").slice(0, -1000);
}

function fileForm(): FormData {
  const content = new Uint8Array(bytes);
  for (let from = 0; from < bytes; from += 65_536)
    crypto.getRandomValues(content.subarray(from, from + 65_536));
  const form = new FormData();
  form.append("file", new File([content], "large.bin"));
  return form;
}

const body = kind === "file" ? fileForm() : JSON.stringify({ title: "Large", text: sentences() });
console.log("ready");
await Bun.stdin.text();
const response = await fetch(`${url}/api/v1/documents`, {
  method: "POST",
  headers: {
    authorization: `Bearer ${key}`,
    ...(typeof body === "string" ? { "content-type": "application/json" } : {}),
  },
  body,
});
if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
