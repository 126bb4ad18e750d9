/** Vectors of the sentences of passages, as the job `sentences` makes them, each sentence embedded once. */
import { defaultEmbedder, findModel } from "../../src/inference/model-store.ts";
import { passageSentences } from "../../src/knowledge/passage-sentences.ts";
import { packSentenceVectors } from "../../src/knowledge/sentence-vectors.ts";
import { type VectorText, vectorsOf } from "./passages.ts";
import { cache } from "./paths.ts";

export interface SentenceVectors {
  /** Id of the embedder's companion. */
  readonly companion: string;
  /** Packed, of a passage with this text. */
  own(text: string): Uint8Array;
  byCompanion(text: string): Uint8Array;
}

const cut = new Map<string, readonly (string | null)[]>();

/** As they stand there, without the sentence before one that leans on it: so there are few that differ. */
function sentencesIn(text: string): readonly (string | null)[] {
  const known =
    cut.get(text) ??
    passageSentences(text, null).map(({ start, end, isHeading }) =>
      isHeading ? null : text.slice(start, end),
    );
  cut.set(text, known);
  return known;
}

/** Of these passages. The companion reads the sentences without a title: they come from many documents. */
export async function sentenceVectorsOf(passages: readonly VectorText[]): Promise<SentenceVectors> {
  const model = await findModel(defaultEmbedder, cache);
  const companion = model.retrieval.companion?.model;
  if (companion === undefined) throw new Error(`${model.id} has no companion`);
  const texts = [
    ...new Set(passages.flatMap(({ text }) => sentencesIn(text).filter((item) => item !== null))),
  ];
  const packer = async (id: string) => {
    const vectors = await vectorsOf(texts, "passage", id);
    const known = new Map(
      texts.map((text, index) => [text, packSentenceVectors([vectors[index] ?? null], model.dims)]),
    );
    const none = packSentenceVectors([null], model.dims);
    return (text: string) =>
      Buffer.concat(sentencesIn(text).map((item) => (item === null ? none : (known.get(item) ?? none))));
  };
  return { companion, own: await packer(model.id), byCompanion: await packer(companion) };
}
