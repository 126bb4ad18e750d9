/** `metachat doctor`: each claim with the evidence for it. */
import { existsSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { App } from "../app.ts";
import type { Reader } from "../db/transaction.ts";
import { describeError } from "../errors.ts";
import { filesInUse } from "../inference/model-manifest.ts";
import { builtInModels, defaultEmbedder, shippedModels } from "../inference/model-store.ts";
import { countJobs } from "../jobs/job-table.ts";
import { shippedFiles } from "../native/embedded.ts";
import { fileSha256 } from "../native/install.ts";
import { version } from "../version.ts";
import { type Command, type CommandContext, exitCodes, print } from "./command.ts";
import { openApp } from "./open-app.ts";

interface Evidence {
  readonly claim: string;
  /** The command or query behind the claim. */
  readonly by: string;
  readonly result: "pass" | "warn" | "fail";
  readonly found: string;
}

const marks = { pass: "ok  ", warn: "warn", fail: "FAIL" } as const;
const leastFreeBytes = 1024 ** 3;

async function evidence(
  claim: string,
  by: string,
  look: () => Promise<Omit<Evidence, "claim" | "by">>,
): Promise<Evidence> {
  try {
    return { claim, by, ...(await look()) };
  } catch (error) {
    return { claim, by, result: "fail", found: describeError(error) };
  }
}

async function collect(app: App): Promise<Evidence[]> {
  const { data } = app.config;
  const pass = (found: string) => ({ result: "pass" as const, found });
  const tenants = app.tenants.list();
  return [
    await evidence("The data folder is private", `stat ${data}`, async () => {
      const mode = statSync(data).mode & 0o777;
      return (mode & 0o077) === 0
        ? pass(`mode ${mode.toString(8)}`)
        : {
            result: "warn",
            found: `mode ${mode.toString(8)}: other users of this machine can look in; run chmod 700 ${data}`,
          };
    }),
    await evidence("There is room on the disk", `statfs ${data}`, async () => {
      const { bavail, bsize } = statfsSync(data);
      const free = bavail * bsize;
      const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
      return free >= leastFreeBytes ? pass(found) : { result: "warn", found: `${found}: less than 1 GiB` };
    }),
    await evidence("control.db is whole", "PRAGMA integrity_check", async () =>
      integrity(
        app.control.read((reader) => reader.all<{ integrity_check: string }>("PRAGMA integrity_check")),
      ),
    ),
    ...(await Promise.all(
      tenants.map((tenant) =>
        evidence(
          `The database of ${tenant.slug} is whole`,
          "PRAGMA integrity_check; PRAGMA foreign_key_check",
          () => app.store.read(tenant.id, databaseEvidence),
        ),
      ),
    )),
    ...(await Promise.all(
      tenants.map((tenant) =>
        evidence(
          `No job of ${tenant.slug} was given up`,
          "SELECT state, count(*) FROM jobs GROUP BY state",
          async () => {
            const jobs = await app.store.read(tenant.id, countJobs);
            const found = `${jobs.ready} waiting, ${jobs.running} running, ${jobs.dead} dead`;
            return jobs.dead === 0 ? pass(found) : { result: "warn", found };
          },
        ),
      ),
    )),
    await evidence(
      "The built-in models are whole",
      "sha256 of each file that it is read from against models/manifest.json",
      async () => {
        const files = (await shippedModels()).flatMap(filesInUse);
        for (const file of files) {
          const shipped = shippedFiles.models[file.path];
          if (shipped === undefined || (await fileSha256(shipped.path)) !== file.sha256)
            return { result: "fail", found: `${file.path} is not what the manifest says` };
        }
        return pass(`${files.length} files match`);
      },
    ),
    await evidence("The embedder gives vectors", `embed one sentence with ${defaultEmbedder}`, async () => {
      const started = performance.now();
      const [model] = await builtInModels();
      if (model === undefined) throw new Error("there is no built-in model");
      const [vector] = await app.search.embedAll(model, ["Where can I return an item?"], "query");
      return pass(
        `${vector?.length ?? 0} numbers in ${Math.round(performance.now() - started)} ms, loading included`,
      );
    }),
    await evidence("A language model answers", `GET ${app.config.ollamaHost}/api/tags`, async () => {
      const model = await app.models.start();
      return model === null
        ? { result: "warn", found: "no Ollama there; answers are quotes from the documents" }
        : pass(model);
    }),
    await evidence("There is an operator", "SELECT … FROM users WHERE operator", async () =>
      app.accounts.hasOperator()
        ? pass("yes")
        : { result: "warn", found: "not yet: open the link of `metachat setup --link`" },
    ),
    await evidence("The master key is kept", `stat ${join(data, "keys", "master.key")}`, async () =>
      existsSync(join(data, "keys", "master.key"))
        ? pass("in the data folder: back it up, without it stored secrets cannot be read")
        : pass("given by METACHAT_MASTER_KEY"),
    ),
  ];
}

function databaseEvidence(reader: Reader): Omit<Evidence, "claim" | "by"> {
  const broken = reader.all("PRAGMA foreign_key_check").length;
  if (broken > 0) return { result: "fail", found: `${broken} rows point nowhere` };
  return integrity(reader.all<{ integrity_check: string }>("PRAGMA integrity_check"));
}

function integrity(rows: readonly { integrity_check: string }[]): Omit<Evidence, "claim" | "by"> {
  const found = rows.map((row) => row.integrity_check).join("; ");
  return { result: found === "ok" ? "pass" : "fail", found };
}

function report(context: CommandContext, items: readonly Evidence[]): number {
  const failed = items.filter((item) => item.result === "fail").length;
  const lines = items.map(
    (item) => `${marks[item.result]}  ${item.claim}\n        ${item.by}\n        ${item.found}`,
  );
  const summary = `${items.length - failed} of ${items.length} claims hold`;
  print(context, { version, items, failed }, [...lines, "", summary].join("\n"));
  return failed === 0 ? exitCodes.done : exitCodes.failed;
}

export const doctor: Command = {
  name: "doctor",
  usage: "",
  summary: "Examine this installation and show the evidence for each claim",
  async run(context) {
    await using app = await openApp(context, { exclusive: false, logLevel: "error", mustExist: true });
    return report(context, await collect(app));
  },
};
