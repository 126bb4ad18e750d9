/**
 * Which language a document is in, of 60. The library's table takes 50 MB: it is loaded by the threads that read
 * documents, when they first do.
 */

/** Enough to tell a language, wherever in the document it stands. */
const sampleLength = 4_000;
const samples = 3;
const leastLetters = 12;

/**
 * ISO 639-1 code of the language that most of the text is in; null when the text is too short or nothing tells.
 *
 * @param text plain text, of any length: a sample from its beginning, middle and end is looked at
 */
export async function documentLanguage(text: string): Promise<string | null> {
  const step = Math.max(0, text.length - sampleLength) / (samples - 1);
  const parts =
    text.length <= sampleLength
      ? [text]
      : Array.from({ length: samples }, (_, index) =>
          text.slice(Math.round(index * step), Math.round(index * step) + sampleLength),
        );
  const sample = parts.join("\n").toWellFormed();
  if ((sample.match(/\p{L}/gu)?.length ?? 0) < leastLetters) return null;
  const { eld } = await import("eld/extrasmall");
  const { language } = eld.detect(sample);
  return language === "" ? null : language;
}
