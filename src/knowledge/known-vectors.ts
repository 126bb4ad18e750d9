/** Vectors that were made before for the very same text, so that nothing is embedded twice. */
import { createHash } from "node:crypto";
import type { Reader, Writer } from "../db/transaction.ts";
import { activeIndex, type EmbeddingIndex, insertVector, readVectors } from "./embedding-index.ts";
import { passageText } from "./passage-text.ts";
import { readSentenceVectors, writeSentenceVectors } from "./sentence-vectors.ts";

const hashBytes = 16;

/** SHA-256, cut to 16 bytes, of what the embedder reads of a passage. */
export function contentHash(heading: string | null, text: string): Uint8Array {
  return createHash("sha256").update(passageText(heading, text)).digest().subarray(0, hashBytes);
}

interface Known {
  readonly vector: Float32Array;
  readonly sentences: Uint8Array | undefined;
}

/** The vectors of passages with these contents, read before their passages are replaced. */
export class KnownVectors {
  readonly #index: EmbeddingIndex | null;
  readonly #known = new Map<string, Known>();

  constructor(reader: Reader, hashes: readonly Uint8Array[]) {
    this.#index = activeIndex(reader);
    if (this.#index === null) return;
    for (const hash of hashes) {
      const name = Buffer.from(hash).toString("hex");
      if (this.#known.has(name)) continue;
      const row = reader.get<{ key: number }>(
        "SELECT key FROM chunks WHERE content_hash = ? AND embedded_at IS NOT NULL LIMIT 1",
        hash,
      );
      if (row === undefined) continue;
      for (const { vector } of readVectors(reader, this.#index, [row.key])) {
        const sentences = readSentenceVectors(reader, this.#index, [row.key]).get(row.key);
        this.#known.set(name, { vector: vector.slice(), sentences });
      }
    }
  }

  /** Puts the vector of this content in for a new passage. @returns whether there was one */
  give(writer: Writer, hash: Uint8Array, key: number): boolean {
    const known = this.#known.get(Buffer.from(hash).toString("hex"));
    if (known === undefined || this.#index === null) return false;
    insertVector(writer, this.#index, key, known.vector);
    if (known.sentences !== undefined) writeSentenceVectors(writer, this.#index, key, known.sentences);
    writer.run("UPDATE chunks SET embedded_at = ? WHERE key = ?", Date.now(), key);
    return true;
  }
}
