const NAMES: Readonly<Record<string, string>> = {
  retrieval: "Passages fit the question",
  selfAssessment: "The model's own view",
  hedging: "Said without hedging",
  quality: "Quality of the answer",
  answerQuality: "Quality of the answer",
  consistency: "Agrees with the sources",
};

/** A part of the confidence in words. */
export function signalName(name: string): string {
  return (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? spelledOut(name);
}

/** A program's name for people: "topScore" → "Top score", "prompt_tokens" → "Prompt tokens". */
export function spelledOut(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
