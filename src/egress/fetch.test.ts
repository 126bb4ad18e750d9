import { expect, test } from "bun:test";
import { isInRanges, isReachable } from "./addresses.ts";
import { EgressDenied, EgressFetch } from "./fetch.ts";

const inner = [
  "127.0.0.1",
  "127.8.8.8",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "0.0.0.0",
  "100.64.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "192.0.2.1",
  "::",
  "::1",
  "::ffff:a9fe:a9fe",
  "::ffff:127.0.0.1",
  "[::1]",
  "fe80::1",
  "fe80::1%eth0",
  "fc00::1",
  "64:ff9b::a9fe:a9fe",
  "2002:7f00:1::",
  "::127.0.0.1",
  "ff02::1",
  "2001:db8::1",
];

test("addresses of private, local and reserved networks are not reachable, in whatever form", () => {
  expect(inner.filter((address) => isReachable(address, []))).toEqual([]);
});

test("public addresses are reachable", () => {
  const open = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"];
  expect(open.filter((address) => !isReachable(address, []))).toEqual([]);
});

test("what the operator allows is reachable, also written as IPv6", () => {
  expect(isReachable("10.1.2.3", ["10.0.0.0/8"])).toBe(true);
  expect(isReachable("::ffff:10.1.2.3", ["10.0.0.0/8"])).toBe(true);
  expect(isReachable("11.1.2.3", ["10.0.0.0/8"])).toBe(true);
  expect(isReachable("192.168.0.1", ["10.0.0.0/8"])).toBe(false);
  expect(isInRanges("nonsense", ["0.0.0.0/0"])).toBe(false);
});

function server(answer: (request: Request) => Response): {
  url: string;
  hits: () => number;
  stop: () => void;
} {
  let hits = 0;
  const running = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      hits += 1;
      return answer(request);
    },
  });
  return { url: `http://127.0.0.1:${running.port}`, hits: () => hits, stop: () => void running.stop(true) };
}

async function refusal(run: Promise<Response>): Promise<string> {
  const result = await run.catch((error: unknown) => error);
  expect(result).toBeInstanceOf(EgressDenied);
  return result instanceof Error ? result.message : "";
}

test("hidden forms of the loopback address are refused before anything is sent", async () => {
  const target = server(() => new Response("inside"));
  const egress = new EgressFetch({ allow: [] });
  const port = new URL(target.url).port;
  for (const host of [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "127.1",
    "[::ffff:7f00:1]",
    "localhost",
    "127.0.0.1.",
  ])
    await refusal(egress.fetch(`http://${host}:${port}/`));
  expect(target.hits()).toBe(0);
  target.stop();
});

test("a redirect to the inside is refused", async () => {
  const secret = server(() => new Response("inside"));
  // The first name is public as far as the check can tell; where it leads to is not.
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"], resolve: async () => ["127.0.0.1"] });
  const strict = new EgressFetch({ allow: [] });
  const inside = server(() => new Response(null, { status: 302, headers: { location: "http://10.0.0.1/" } }));
  expect(await refusal(egress.fetch(inside.url))).toContain("METACHAT_EGRESS_ALLOW");
  expect(await refusal(strict.fetch(secret.url))).toContain("METACHAT_EGRESS_ALLOW");
  expect(secret.hits()).toBe(0);
  secret.stop();
  inside.stop();
});

test("the operator's own address is reached without a check, but where it redirects to is not followed", async () => {
  const secret = server(() => new Response("inside"));
  const own = server(() => new Response(null, { status: 302, headers: { location: secret.url } }));
  const egress = new EgressFetch({ allow: [] });
  expect((await egress.fetchForOperator(own.url)).status).toBe(302);
  expect(await (await egress.fetchForOperator(secret.url)).text()).toBe("inside");
  expect(secret.hits()).toBe(1);
  await refusal(egress.fetch(own.url));
  secret.stop();
  own.stop();
});

test("a body without end is given up at the limit", async () => {
  let sent = 0;
  const endless = server(
    () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            sent += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
        }),
      ),
  );
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"], maxBytes: 1_000_000 });
  for (const reading of [egress.fetch(endless.url), egress.fetchForOperator(endless.url)])
    expect(await (await reading).text().catch((error: unknown) => String(error))).toContain(
      "more than can be taken",
    );
  expect(sent).toBeLessThan(50_000_000);
  endless.stop();
});

test("a name that resolves to another address the second time reaches only the first, checked one", async () => {
  const target = server((request) => new Response(request.headers.get("host")));
  const answers = [["127.0.0.1"], ["10.0.0.1"]];
  let asked = 0;
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"], resolve: async () => answers[asked++] ?? [] });
  const response = await egress.fetch(`http://flips.example:${new URL(target.url).port}/`);
  expect(await response.text()).toStartWith("flips.example");
  expect(asked).toBe(1);
  const inside = new EgressFetch({ allow: [], resolve: async () => ["1.1.1.1", "127.0.0.1"] });
  await refusal(inside.fetch("http://both.example/"));
  target.stop();
});

test("a key does not follow a redirect to another origin", async () => {
  const other = server((request) => new Response(request.headers.get("authorization") ?? "none"));
  const first = server(() => new Response(null, { status: 307, headers: { location: `${other.url}/` } }));
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"] });
  const response = await egress.fetch(first.url, {
    method: "POST",
    body: "x",
    headers: { authorization: "Bearer canary" },
  });
  expect(await response.text()).toBe("none");
  other.stop();
  first.stop();
});

test("other schemes, credentials in the address and endless redirects are refused", async () => {
  const loop: { url: string; stop: () => void } = server(
    () => new Response(null, { status: 302, headers: { location: "/again" } }),
  );
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"] });
  await refusal(egress.fetch("file:///etc/passwd"));
  await refusal(egress.fetch(loop.url.replace("//", "//user:pass@")));
  expect(await refusal(egress.fetch(loop.url))).toContain("redirects too often");
  loop.stop();
});

test("a packed answer is unpacked, and one that is a thousand times larger unpacked is given up at the limit", async () => {
  const zeros = Bun.gzipSync(new Uint8Array(64 * 1024 * 1024));
  const bodies: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
    "/small": Bun.gzipSync(Buffer.from("unpacked")),
    "/bomb": zeros,
    "/odd": Buffer.from("?"),
  };
  const packed = server((request) => {
    const { pathname } = new URL(request.url);
    const encoding = pathname === "/odd" ? "br" : "gzip";
    return new Response(bodies[pathname], { headers: { "content-encoding": encoding } });
  });
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"], maxBytes: 1_000_000 });
  const small = await egress.fetch(`${packed.url}/small`);
  expect([await small.text(), small.headers.get("content-encoding")]).toEqual(["unpacked", null]);
  const bomb = (await egress.fetch(`${packed.url}/bomb`)).text();
  expect(await bomb.catch((error: unknown) => error)).toMatchObject({ name: "EgressDenied", kind: "size" });
  expect(await refusal(egress.fetch(`${packed.url}/odd`))).toContain("packed in a way");
  packed.stop();
});

test("following says which address answered, and stops where it may not go on", async () => {
  const end = server(() => new Response("here"));
  const start = server(() => new Response(null, { status: 301, headers: { location: `${end.url}/end` } }));
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"] });
  const followed = await egress.follow(`${start.url}/begin`);
  expect([followed.url.href, await followed.response.text()]).toEqual([`${end.url}/end`, "here"]);
  const hits = end.hits();
  const stopped = await egress.follow(`${start.url}/begin`, {}, (next) => next.href.startsWith(start.url));
  expect([stopped.url.href, stopped.response.status]).toEqual([`${start.url}/begin`, 301]);
  expect(end.hits()).toBe(hits);
  start.stop();
  end.stop();
});
