/** Sentences that office programs append to descriptions they have guessed. */
const GUESSED = /Description automatically generated|AI-generated content may be incorrect/i;
const NUMBERED = /^(?:picture|image|graphic|grafik|bild|imagen|immagine|photo|foto|рисунок)\s*\d*$/i;

/**
 * What a picture shows, when a person described it: "" for file names, for lone words that name nothing ("img1")
 * and for a machine's guess.
 */
export function meaningfulAltText(raw: string): string {
  const text = raw.replace(/[ \t\r\n\f]+/g, " ").trim();
  const isDescription = /\s/.test(text) || (/^\p{L}+$/u.test(text) && text.length > 3);
  if (!isDescription || /^[^\s]+\.\w{3,4}$/.test(text)) return "";
  return GUESSED.test(text) || NUMBERED.test(text) ? "" : text;
}
