/** Vectors for fake model servers: the same text always has the same one, and texts of shared meaning are near. */

/** Words that mean the same: what makes a question near a passage that uses none of its words. */
const meanings: readonly (readonly string[])[] = [
  ["return", "returns", "returned", "bring", "back", "refund"],
  ["open", "opens", "opening", "hours", "shut", "shuts", "closed", "closes"],
  ["price", "cost", "costs", "euros", "pay"],
  ["keys", "key", "lock", "door"],
];

function meaningOf(word: string): string {
  const group = meanings.findIndex((words) => words.includes(word));
  return group === -1 ? word.slice(0, 6) : `meaning ${group}`;
}

/** Not normalised, as many servers send them. All have something in common, as those of real models do. */
export function fakeVector(text: string, dims: number): number[] {
  const vector = Array.from({ length: dims }, () => 2 / Math.sqrt(dims));
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    if (word.length < 3) continue;
    const hash = Bun.hash(meaningOf(word));
    for (let bit = 0; bit < 4; bit += 1) {
      const part = Number((hash >> BigInt(bit * 16)) & 0xffffn);
      const at = part % dims;
      vector[at] = (vector[at] ?? 0) + (part & 0x8000 ? 1 : -1);
    }
  }
  return vector;
}

export interface FakeEmbedder {
  /** Names of the models that give vectors. */
  models: readonly string[];
  dims: number;
  /** Status to answer with instead. */
  failWith?: number;
  /** Value of a `Retry-After` header beside that. */
  retryAfter?: string;
  /** What is sent instead of the vectors that belong to the texts. */
  vectors?: (texts: readonly string[]) => readonly unknown[];
  /** A body that is sent instead, whole. */
  body?: BodyInit;
  /** Texts of more characters are refused, as servers do whose models take fewer tokens. */
  mostCharacters?: number;
  /** Waited for before an answer. */
  before?: () => Promise<void> | void;
}

export function vectorsOf(options: FakeEmbedder, texts: readonly string[]): readonly unknown[] {
  return options.vectors?.(texts) ?? texts.map((text) => fakeVector(text, options.dims));
}
