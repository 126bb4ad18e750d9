/** What well-known embedding models want to read before a text. */

export interface Prefixes {
  readonly query: string;
  readonly passage: string;
}

const search = "Represent this sentence for searching relevant passages: ";
const none: Prefixes = { query: "", passage: "" };

/** The first that fits; each as its makers describe it. */
const families: readonly (readonly [RegExp, Prefixes])[] = [
  [/nomic-embed/, { query: "search_query: ", passage: "search_document: " }],
  [/e5.*-instruct/, { query: "Instruct: Retrieve passages that answer the question\nQuery: ", passage: "" }],
  [/(?:^|[/-])e5-(?:small|base|large)/, { query: "query: ", passage: "passage: " }],
  [/arctic-embed(?:2|.*v2)/, { query: "query: ", passage: "" }],
  [/mxbai-embed|arctic-embed/, { query: search, passage: "" }],
  [/bge-(?:small|base|large)-en|bge-(?:small|base|large)(?::|$)/, { query: search, passage: "" }],
  [/bge-(?:small|base|large)-zh/, { query: "为这个句子生成表示以用于检索相关文章：", passage: "" }],
  [/embeddinggemma/, { query: "task: search result | query: ", passage: "title: none | text: " }],
  [
    /qwen3-embedding/,
    {
      query: "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
      passage: "",
    },
  ],
];

/** @param name of the model at its server */
export function prefixesOf(name: string): Prefixes {
  const known = families.find(([pattern]) => pattern.test(name.toLowerCase()));
  return known?.[1] ?? none;
}
