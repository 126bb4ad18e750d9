/**
 * Packs a model's `tokenizer.json` into `tokenizer.bin`, which loads at once and takes 5 MB (see
 * `src/inference/unigram.ts`). Run after the tokenizer has changed, then write the new size and hash into
 * `models/manifest.json`:
 *
 *   bun scripts/models/pack-tokenizer.ts models/multilingual-e5-small-int8
 */
import { join } from "node:path";
import { packUnigram } from "../../src/inference/unigram.ts";

const [folder] = Bun.argv.slice(2);
if (folder === undefined) throw new Error("name the model's folder");
const packed = packUnigram(await Bun.file(join(folder, "tokenizer.json")).json());
await Bun.write(join(folder, "tokenizer.bin"), packed);
console.log(`${packed.length} bytes, sha256 ${new Bun.CryptoHasher("sha256").update(packed).digest("hex")}`);
