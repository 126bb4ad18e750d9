/** The numbered migrations, embedded in the executable. Forward only; never edit one that has been released. */
import control0001 from "../../migrations/control/0001_initial.sql" with { type: "text" };
import tenant0001 from "../../migrations/tenant/0001_initial.sql" with { type: "text" };
import tenant0002 from "../../migrations/tenant/0002_vector_changes.sql" with { type: "text" };
import tenant0003 from "../../migrations/tenant/0003_sentence_vectors.sql" with { type: "text" };
import tenant0004 from "../../migrations/tenant/0004_next_checksum.sql" with { type: "text" };
import tenant0005 from "../../migrations/tenant/0005_documents_from_anywhere.sql" with { type: "text" };
import tenant0006 from "../../migrations/tenant/0006_web_sources.sql" with { type: "text" };
import tenant0007 from "../../migrations/tenant/0007_questions_and_answers.sql" with { type: "text" };
import tenant0008 from "../../migrations/tenant/0008_remote_embedders.sql" with { type: "text" };
import tenant0009 from "../../migrations/tenant/0009_companion_vectors.sql" with { type: "text" };
import tenant0010 from "../../migrations/tenant/0010_renamed_documents.sql" with { type: "text" };

export interface Migration {
  /** 1, 2, 3…: the database's `user_version` after it. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export const controlMigrations: readonly Migration[] = [{ number: 1, name: "initial", sql: control0001 }];
export const tenantMigrations: readonly Migration[] = [
  { number: 1, name: "initial", sql: tenant0001 },
  { number: 2, name: "vector_changes", sql: tenant0002 },
  { number: 3, name: "sentence_vectors", sql: tenant0003 },
  { number: 4, name: "next_checksum", sql: tenant0004 },
  { number: 5, name: "documents_from_anywhere", sql: tenant0005 },
  { number: 6, name: "web_sources", sql: tenant0006 },
  { number: 7, name: "questions_and_answers", sql: tenant0007 },
  { number: 8, name: "remote_embedders", sql: tenant0008 },
  { number: 9, name: "companion_vectors", sql: tenant0009 },
  { number: 10, name: "renamed_documents", sql: tenant0010 },
];
