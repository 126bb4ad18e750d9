/** What questions with answers share with the other jobs that fill the index. */
import type { JobWriter } from "../jobs/job.ts";

/** Has pairs indexed, and vectors of questions made, that are not yet, or not by the model in use. */
export function enqueueQuestionIndexing(writer: JobWriter): void {
  writer.enqueue({ type: "index-questions", orderingKey: "index-questions", payload: {}, onlyOne: true });
}
