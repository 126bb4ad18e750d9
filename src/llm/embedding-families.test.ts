import { expect, test } from "bun:test";
import { prefixesOf } from "./embedding-families.ts";

test.each([
  ["nomic-embed-text:v1.5", "search_query: ", "search_document: "],
  ["jeffh/intfloat-multilingual-e5-large:f16", "query: ", "passage: "],
  ["intfloat/e5-base-v2", "query: ", "passage: "],
  ["mxbai-embed-large", "Represent this sentence for searching relevant passages: ", ""],
  ["BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""],
  ["snowflake-arctic-embed:22m", "Represent this sentence for searching relevant passages: ", ""],
  ["snowflake-arctic-embed2", "query: ", ""],
  ["Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""],
  ["bge-m3", "", ""],
  ["text-embedding-3-small", "", ""],
  ["all-minilm", "", ""],
] as const)("%p reads questions after %p and passages after %p", (name, query, passage) => {
  expect(prefixesOf(name)).toEqual({ query, passage });
});

test("a model that wants an instruction gets it before questions alone", () => {
  for (const name of ["multilingual-e5-large-instruct", "e5-mistral-7b-instruct", "qwen3-embedding:0.6b"]) {
    expect(prefixesOf(name).query).toStartWith("Instruct: ");
    expect(prefixesOf(name).passage).toBe("");
  }
});
