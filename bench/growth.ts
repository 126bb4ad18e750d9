/** What becomes of search and turns with many tenants, and with many conversations in one. */
import { addConversations, fillTenant } from "./harness/bulk.ts";
import { Client } from "./harness/client.ts";
import { startFakeModel } from "./harness/fake-model.ts";
import { startApp } from "./harness/in-process.ts";
import { realPassages, type VectorText } from "./harness/passages.ts";
import { temporaryFolder } from "./harness/paths.ts";
import { benchmark, type Report, withUnit } from "./harness/report.ts";
import { cpuMsOf, memoryOf, type Server, startServer, type Tenant } from "./harness/server.ts";
import { questionsOf, squad } from "./harness/squad.ts";
import { median, percentile, shuffled } from "./harness/stats.ts";

const mostTenants = 100;
const passagesEach = 100;
const searches = 200;
const turns = 100;
const conversationCounts = [10, 1_000] as const;

/** Tenants in a data folder that no server uses: made in this process, a hundred in a second or two. */
async function makeTenants(dataDir: string, count: number): Promise<Tenant[]> {
  await using app = await startApp({ dataDir, idle: true });
  const made: Tenant[] = [];
  for (let index = 0; index < count; index += 1) made.push(await app.createTenant(`Tenant ${index}`));
  return made;
}

async function measure(
  report: Report,
  name: string,
  clients: readonly Client[],
  questions: string[],
  server: Server,
): Promise<void> {
  const timesOf = async (count: number, work: (client: Client, question: string) => Promise<unknown>) => {
    const samples: number[] = [];
    const before = cpuMsOf(server.pid);
    for (let index = 0; index < count; index += 1) {
      const client = clients[index % clients.length];
      const question = questions.pop();
      if (client === undefined || question === undefined) throw new Error("no more clients or questions");
      const started = performance.now();
      await work(client, question);
      samples.push(performance.now() - started);
    }
    return { samples, cpu: (cpuMsOf(server.pid) - before) / count };
  };
  await timesOf(20, (client, question) => client.search(question));
  const search = await timesOf(searches, (client, question) => client.search(question));
  const turn = await timesOf(turns, (client, question) => client.chat(question));
  for (const [what, { samples, cpu }] of [
    ["search", search],
    ["turn", turn],
  ] as const) {
    const note = `p95 ${withUnit(percentile(samples, 0.95), "ms")}, processor time ${withUnit(cpu, "ms")} each`;
    report.add({ name: `${name}: ${what} p50`, value: median(samples), unit: "ms", note });
  }
}

/** The same passages for all, so that only the number of tenants differs. */
async function fill(
  dataDir: string,
  tenants: readonly Tenant[],
  passages: readonly VectorText[],
): Promise<void> {
  for (const tenant of tenants) await fillTenant(dataDir, tenant.id, passages);
}

await benchmark(
  "growth",
  "many tenants, many conversations",
  { binary: true, shared: true },
  async (report) => {
    const passages = shuffled(await realPassages(), 5).slice(0, passagesEach);
    const questions = [...new Set(shuffled(questionsOf(await squad()), 9).map((question) => question.text))];
    await using model = await startFakeModel();
    using folder = temporaryFolder();
    const tenants = await makeTenants(folder.path, mostTenants);
    await fill(folder.path, tenants, passages);
    for (const count of [1, 10, mostTenants]) {
      await using server = await startServer(folder.path, { OLLAMA_HOST: model.url });
      const clients = tenants.slice(0, count).map((tenant) => new Client(server.url, tenant.apiKey));
      await measure(report, `${count} tenants, by turns`, clients, questions, server);
      report.say(
        `${count} tenants: ready after ${withUnit(server.readyMs, "ms")}, RSS at the end ${withUnit(memoryOf(server.pid).total, "MB")}`,
      );
    }
    for (const count of conversationCounts) {
      const tenant = tenants.at(-1);
      if (tenant === undefined) throw new Error("there are no tenants");
      await addConversations(folder.path, tenant.id, count);
      await using server = await startServer(folder.path, { OLLAMA_HOST: model.url });
      await measure(
        report,
        `${count} more conversations`,
        [new Client(server.url, tenant.apiKey)],
        questions,
        server,
      );
    }
  },
);
