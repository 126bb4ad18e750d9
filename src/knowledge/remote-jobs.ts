/** Jobs that wait for a model server: they cost none of their tries while it is down. */
import type { JobContext } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { EmbeddingError } from "../llm/embedding-answer.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { RemoteModel } from "./embedding-model.ts";
import { noteFailure, noteSuccess, remoteFailure } from "./remote-embedders.ts";

/** The jobs that go on once a server is back. */
export const remoteJobs: readonly string[] = ["embed-remote", "reindex-remote"];

const shortestWaitMs = 200;

/** The same job again when the server may be back, and a word to the owner of why it waits. */
export async function putOff(
  queue: JobQueue,
  context: JobContext,
  remote: RemoteModel,
  error: EmbeddingError,
): Promise<void> {
  const { tenantId, type, orderingKey, payload } = context.job;
  const runAt = Date.now() + Math.max(shortestWaitMs, error.details.retryAfterMs ?? 0);
  await queue.transact(tenantId, (writer) => {
    context.finish(writer);
    noteFailure(writer, remote, error.message);
    writer.enqueue({ type, orderingKey, payload, runAt });
  });
}

/** Takes back what `putOff` said, if it did. */
export async function noteWorking(store: TenantStore, remote: RemoteModel): Promise<void> {
  const { tenantId } = remote;
  const failure = await store.read(tenantId, (reader) => remoteFailure(reader, remote));
  if (failure !== null) await store.transact(tenantId, (writer) => noteSuccess(writer, remote));
}
