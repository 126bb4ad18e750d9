/** A server of the executable whose owner has just made her account, and the browser in which she sits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinaryServer, requireBinary } from "../../src/testing/binary.ts";
import { Complaints, launchChromium, newVisitor } from "./chromium.ts";
import { DashboardPage } from "./dashboard-page.ts";

export class OwnedShop implements AsyncDisposable {
  private constructor(
    private readonly opened: AsyncDisposableStack,
    readonly data: string,
    readonly server: BinaryServer,
    readonly complaints: Complaints,
    readonly ana: DashboardPage,
  ) {}

  /** @throws when there is no executable or no Chromium, or the server does not start */
  static async open(env: Readonly<Record<string, string>> = {}): Promise<OwnedShop> {
    requireBinary();
    const complaints = new Complaints();
    await using opened = new AsyncDisposableStack();
    const browser = opened.adopt(await launchChromium(), (launched) => launched.close());
    const data = mkdtempSync(join(tmpdir(), "metachat-browser-"));
    opened.defer(() => rmSync(data, { recursive: true, force: true }));
    const server = opened.use(await BinaryServer.start({ dataDir: data, env }));
    complaints.allow(server.url);
    const ana = new DashboardPage(await (await newVisitor(browser, complaints)).newPage());
    await ana.setUp(server.first.setupLink ?? "");
    return new OwnedShop(opened.move(), data, server, complaints, ana);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.opened.disposeAsync();
  }
}
