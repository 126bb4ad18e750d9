/** Knowledge bases of up to a million passages, made once and kept. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { tenantMigrations } from "../../src/db/migrations.ts";
import { fillTenant } from "./bulk.ts";
import { modelHash, realPassages, recombined, type VectorText } from "./passages.ts";
import { cache } from "./paths.ts";
import { createTenant, type Tenant } from "./server.ts";

/** One more whenever other passages or rows are written than before. */
const recipe = 1;
/** What a million passages take while they are written, and some to spare. */
const roomForMost = 15e9;

export interface ScaleData {
  readonly dataDir: string;
  readonly tenant: Tenant;
}

const tenantFile = z.object({ id: z.string(), apiKey: z.string() });

/** A data folder with `size` passages in one tenant, the real ones first: written if it is not there yet. */
export async function scaleData(size: number): Promise<ScaleData> {
  const dataDir = await folderOf(size);
  const about = join(dataDir, "bench-tenant.json");
  if (!existsSync(about)) {
    console.error(`  writing a knowledge base of ${size.toLocaleString("en")} passages to ${dataDir}`);
    const partial = `${dataDir}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const tenant = await createTenant(partial, "Scale");
    await fillTenant(partial, tenant.id, corpus(await realPassages(), size));
    writeFileSync(join(partial, "bench-tenant.json"), JSON.stringify(tenant), { mode: 0o600 });
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(partial, dataDir);
  }
  return { dataDir, tenant: tenantFile.parse(JSON.parse(readFileSync(about, "utf8"))) };
}

/** Whether it is there, or there is room to write a million passages. */
export async function hasRoom(size: number): Promise<boolean> {
  mkdirSync(cache, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  return existsSync(await folderOf(size)) || bavail * bsize >= roomForMost;
}

/** Named after all that decides what is in it. */
async function folderOf(size: number): Promise<string> {
  const schema = tenantMigrations.at(-1)?.number ?? 0;
  return join(cache, `scale-${size}-model-${(await modelHash()).slice(0, 12)}-schema-${schema}-${recipe}`);
}

function* corpus(base: readonly VectorText[], size: number): Generator<VectorText> {
  yield* base.slice(0, size);
  yield* recombined(base, Math.max(0, size - base.length));
}
