/**
 * How fast files are read, format by format: in the parsing child of the executable, as documents are taken in, without
 * the cutting and embedding that follow. A page is a page where the format has pages, else 1,800 characters of the text
 * that comes out.
 */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { loaders } from "../src/knowledge/loaders/index.ts";
import { type FileFormat, LoadError } from "../src/knowledge/loaders/loader.ts";
import { scanPdf } from "../src/knowledge/loaders/scan-pdf.fixture.ts";
import { sharedDocsFolder } from "../src/knowledge/loaders/shared-docs.fixture.ts";
import { readParsedDocument } from "../src/knowledge/parser/parse-protocol.ts";
import { ParserPool } from "../src/knowledge/parser/parser-pool.ts";
import { shippedFiles } from "../src/native/embedded.ts";
import { longFile } from "./harness/long-files.ts";
import { binary, temporaryFolder } from "./harness/paths.ts";
import { benchmark, type Report } from "./harness/report.ts";
import { median } from "./harness/stats.ts";

const charactersPerPage = 1_800;
const rounds = 3;
/** Fewer pages of real files are lost in what each file costs. */
const leastPages = 20;
const scannedPages = 10;
/** Pages/s. */
const targets: Partial<Record<FileFormat, number>> = { txt: 200, pdf: 40 };

interface Read {
  readonly file: string;
  readonly format: FileFormat;
  readonly pages: number;
  readonly ms: number;
}

interface Refused {
  readonly file: string;
  readonly error: string;
  readonly ms: number;
}

/** Reads files in one warm child. */
class Reading implements AsyncDisposable {
  readonly #pool: ParserPool;
  readonly #resultPath: string;

  constructor(
    readonly folder: string,
    ocrModel: string | null = null,
  ) {
    const command = [binary, "parse-worker"];
    this.#pool = new ParserPool({ command, tempDir: folder, idleMs: 120_000, ocrModel });
    this.#resultPath = join(folder, "result.json");
  }

  /** From handing the file to the child until its result lies on the disk. */
  async read(path: string, file: string): Promise<Read | Refused> {
    const started = performance.now();
    try {
      await this.#pool.parseToFile({
        tenantId: "bench",
        path,
        fileName: file,
        resultPath: this.#resultPath,
      });
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      return { file, error: error.code, ms: performance.now() - started };
    }
    const ms = performance.now() - started;
    const { format, pages, text } = readParsedDocument(await readFile(this.#resultPath, "utf8"));
    await rm(this.#resultPath);
    return { file, format, pages: pages ?? text.length / charactersPerPage, ms };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

const perSecond = (read: readonly Read[]) =>
  (1000 * read.reduce((sum, { pages }) => sum + pages, 0)) / read.reduce((sum, { ms }) => sum + ms, 0);

/** Every file of the folder of real documents, `rounds` times one after the other; of each the median of its times. */
async function readShared(reading: Reading): Promise<{ read: Read[]; refused: Refused[] }> {
  const files = readdirSync(sharedDocsFolder, { recursive: true, encoding: "utf8" })
    .filter((file) => file !== "MANIFEST.tsv" && !file.endsWith("LICENSE"))
    .filter((file) => statSync(join(sharedDocsFolder, file)).isFile())
    .sort();
  const read: Read[] = [];
  const refused: Refused[] = [];
  for (const file of files) {
    const times: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const result = await reading.read(join(sharedDocsFolder, file), file);
      times.push(result.ms);
      if (round < rounds) continue;
      const ms = median(times);
      if ("error" in result) refused.push({ ...result, ms });
      else read.push({ ...result, ms });
    }
  }
  return { read, refused };
}

/** @returns null where no long file is made; the rounds otherwise @throws when the file is not read as its format */
async function readLong(
  reading: Reading,
  format: FileFormat,
): Promise<{ bytes: number; reads: Read[] } | null> {
  const long = await longFile(format);
  if (long === null) return null;
  const path = join(reading.folder, long.name);
  writeFileSync(path, long.bytes);
  const reads: Read[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const read = await reading.read(path, long.name);
    if ("error" in read) throw new Error(`${long.name} was refused: ${read.error}`);
    if (read.format !== format) throw new Error(`${long.name} was read as ${read.format}`);
    reads.push(read);
  }
  await rm(path);
  return { bytes: long.bytes.length, reads };
}

/** The figure of the real files where they are enough to be one. */
function addFormat(
  report: Report,
  format: FileFormat,
  long: { bytes: number; reads: readonly Read[] } | null,
  real: readonly Read[],
): void {
  const atLeast = targets[format];
  const target = atLeast === undefined ? {} : { target: { atLeast } };
  if (long !== null)
    report.add({
      name: `${format}: pages of a long file`,
      value: median(long.reads.map((read) => (1000 * read.pages) / read.ms)),
      unit: "1/s",
      note: `${(long.reads[0]?.pages ?? 0).toFixed(0)} pages, ${(long.bytes / 1e6).toFixed(1)} MB, median of ${rounds}`,
      ...target,
    });
  else report.say(`${format}: no long file is made for it (harness/long-files.ts)`);
  const pages = real.reduce((sum, read) => sum + read.pages, 0);
  if (pages < leastPages) return;
  report.add({
    name: `${format}: pages of real files`,
    value: perSecond(real),
    unit: "1/s",
    note: `${real.length} files, ${pages.toFixed(0)} pages, each the median of ${rounds}`,
    ...target,
  });
}

/** Pages of our own, askew and a little blurred, by text recognition. */
async function addScans(report: Report, folder: string): Promise<void> {
  await using reading = new Reading(folder, shippedFiles.ocr.english.path);
  const path = join(folder, "scan.pdf");
  const pages = Array.from({ length: scannedPages }, (_, at) => ({
    jpeg: at % 2 === 0 ? ("bakery.jpg" as const) : ("garden.jpg" as const),
  }));
  writeFileSync(path, scanPdf(pages));
  const read = await reading.read(path, "scan.pdf");
  if ("error" in read) throw new Error(`scan.pdf was refused: ${read.error}`);
  report.add({
    name: "pdf: scanned pages, with METACHAT_OCR=eng",
    value: perSecond([read]),
    unit: "1/s",
    note: `${scannedPages} pages of A4 at 200 dots an inch, the start of text recognition included`,
  });
}

await benchmark("formats", "reading files", { binary: true, shared: true }, async (report) => {
  using folder = temporaryFolder();
  await using reading = new Reading(folder.path);
  // Starts the child.
  const first = join(folder.path, "first.txt");
  writeFileSync(first, "The child has started.");
  await reading.read(first, "first.txt");
  const { read, refused } = await readShared(reading);
  for (const { format } of loaders)
    addFormat(
      report,
      format,
      await readLong(reading, format),
      read.filter((item) => item.format === format),
    );
  await addScans(report, folder.path);
  const codes = Object.entries(Object.groupBy(refused, ({ error }) => error));
  report.say(
    `${read.length} of ${read.length + refused.length} real files were read; refused: ${codes.map(([code, files]) => `${files?.length ?? 0} ${code}`).join(", ")}`,
  );
  report.keep("read", read);
  report.keep("refused", refused);
});
