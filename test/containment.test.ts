/** The executable keeps to its data folder and to the addresses it was given. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BinaryOptions, BinaryServer, filesBelow, requireBinary } from "../src/testing/binary.ts";
import { type FakeOllama, startFakeOllama } from "../src/testing/fake-ollama.ts";
import { hasTracer, SocketWatch, traced, writtenPaths } from "../src/testing/process-watch.ts";
import { liveThrough } from "./containment-session.ts";

setDefaultTimeout(120_000);

let root: string;
let fake: FakeOllama;
const place = (name: string) => join(root, name);

beforeAll(() => {
  requireBinary();
  root = mkdtempSync(join(tmpdir(), "metachat-contained-"));
  for (const name of ["data", "home", "tmp", "cwd"]) mkdirSync(place(name));
  fake = startFakeOllama();
});
afterAll(() => {
  fake[Symbol.dispose]();
  rmSync(root, { recursive: true, force: true });
});

function options(): BinaryOptions {
  return {
    dataDir: place("data"),
    cwd: place("cwd"),
    env: { HOME: place("home"), TMPDIR: place("tmp"), OLLAMA_HOST: fake.url },
  };
}

describe("a whole session: set up, documents, questions, widget", () => {
  test("leaves no file outside the data folder and talks to nobody but the model it was told of", async () => {
    {
      await using server = await BinaryServer.start(options());
      using watch = new SocketWatch(server.pid);
      await liveThrough(server);
      expect(fake.chats.length).toBeGreaterThan(0);
      expect(watch.remotes()).toContain(new URL(fake.url).host);
      expect(watch.remotes().filter((remote) => remote !== new URL(fake.url).host)).toEqual([]);
      server.signal("SIGTERM");
      expect(await server.end()).toBe(0);
    }
    for (const outside of ["home", "tmp", "cwd"])
      expect({ outside, files: filesBelow(place(outside)) }).toEqual({ outside, files: [] });
    expect(filesBelow(place("data")).length).toBeGreaterThan(3);
    expect(filesBelow(join(place("data"), "tmp"))).toEqual([]);
  });

  if (hasTracer())
    test("the same seen by the kernel's tracer: every connection and every file opened for writing", async () => {
      rmSync(place("data"), { recursive: true });
      mkdirSync(place("data"));
      const log = place("trace");
      {
        await using server = await BinaryServer.start({ ...options(), tracer: traced(log) });
        await liveThrough(server);
        server.signal("SIGTERM");
        expect(await server.end()).toBe(0);
      }
      const trace = readFileSync(log, "utf8");
      const inet = trace.split("\n").filter((line) => /sa_family=AF_INET6?/.test(line));
      const port = `sin_port=htons(${new URL(fake.url).port}), sin_addr=inet_addr("127.0.0.1")`;
      expect(inet.some((line) => line.includes(port))).toBe(true);
      expect(inet.filter((line) => !line.includes(port))).toEqual([]);
      const written = writtenPaths(trace);
      expect(written.some((path) => path.startsWith(`${place("data")}/`))).toBe(true);
      expect(
        written.filter((path) => !path.startsWith(place("data")) && !/^\/(dev|proc)\//.test(path)),
      ).toEqual([]);
    });
  else console.log("not run: 1 test needs strace");
});
