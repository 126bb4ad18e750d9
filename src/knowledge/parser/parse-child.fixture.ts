/** What the compiled executable does for `parse-worker`, for tests that run from source. */
import { runParseChild } from "./parse-child.ts";

await runParseChild();
