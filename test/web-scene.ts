/** A business with a web site: what the stories about web sources say over and over. */
import type { DocumentBody, SourceBody, SourcePageBody } from "../src/http/schemas.ts";
import type { TestApp } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

export const reachLoopback = { METACHAT_EGRESS_ALLOW: "127.0.0.0/8" };

/** Anything that answers our API: the server in process, or the executable. */
export type Api = (method: string, path: string, body?: unknown) => Promise<Response>;

export function apiOf(test: Pick<TestApp, "api">, key: string): Api {
  return (method, path, body) => test.api(key, method, path, body);
}

export class WebScene {
  constructor(readonly api: Api) {}

  async get<T>(path: string): Promise<T> {
    return bodyOf<T>(await this.api("GET", path));
  }

  async addSource(settings: Readonly<Record<string, unknown>>): Promise<SourceBody> {
    return bodyOf<SourceBody>(await this.api("POST", "/api/v1/sources", settings));
  }

  async crawl(id: string): Promise<SourceBody> {
    await bodyOf(await this.api("POST", `/api/v1/sources/${id}/crawl`));
    return this.ended(id);
  }

  /** Waits until no run is under way. @returns the source */
  ended(id: string, timeoutMs = 60_000): Promise<SourceBody> {
    return until(
      async () => {
        const source = await this.get<SourceBody>(`/api/v1/sources/${id}`);
        return source.status === "running" ? null : source;
      },
      "the run to end",
      timeoutMs,
    );
  }

  /** Adds a site and waits until it was read. */
  async read(settings: Readonly<Record<string, unknown>>): Promise<SourceBody> {
    return this.ended((await this.addSource(settings)).id);
  }

  /** Pages by their paths. */
  async pages(id: string): Promise<Map<string, SourcePageBody>> {
    const { items } = await this.get<{ items: SourcePageBody[] }>(`/api/v1/sources/${id}/pages?limit=200`);
    return new Map(items.map((page) => [new URL(page.url).pathname + new URL(page.url).search, page]));
  }

  /** `path: status` of each page, sorted. */
  async outcome(id: string): Promise<string[]> {
    return [...(await this.pages(id))].map(([path, { status }]) => `${path} ${status}`).sort();
  }

  async documents(): Promise<DocumentBody[]> {
    return (await this.get<{ items: DocumentBody[] }>("/api/v1/documents?limit=200")).items;
  }

  /** Paths of the documents that come from pages, sorted. */
  async documentPaths(): Promise<string[]> {
    return (await this.documents())
      .flatMap(({ url }) => (url === undefined ? [] : [new URL(url).pathname]))
      .sort();
  }

  /** Waits until every document is ready or failed. @returns them */
  allRead(timeoutMs = 60_000): Promise<DocumentBody[]> {
    return until(
      async () => {
        const documents = await this.documents();
        return documents.every(({ status }) => status === "ready" || status === "failed") && documents;
      },
      "the documents to be read",
      timeoutMs,
    );
  }

  async addPage(url: string, title?: string): Promise<{ status: number; document: DocumentBody }> {
    const response = await this.api("POST", "/api/v1/documents", {
      url,
      ...(title === undefined ? {} : { title }),
    });
    const status = response.status;
    const { items } = await bodyOf<{ items: DocumentBody[] }>(response);
    const [document] = items;
    if (document === undefined) throw new Error("no document came back");
    return { status, document };
  }

  /** Waits until it is ready or failed. */
  readDocument(id: string): Promise<DocumentBody> {
    return until(
      async () => {
        const document = await this.get<DocumentBody>(`/api/v1/documents/${id}`);
        return (document.status === "ready" || document.status === "failed") && document;
      },
      "the document to be read",
      60_000,
    );
  }
}

async function bodyOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
