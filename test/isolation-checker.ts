/** Tries every route with every credential that must not reach tenant A, and says what went wrong. */
import { sessionCookie } from "../src/http/dispatch.ts";
import type { Access, Route } from "../src/http/route.ts";
import { allRoutes } from "../src/server.ts";
import { type Rule, rulesFor } from "./isolation-rules.ts";
import type { Inhabitant, World } from "./isolation-world.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface Credential {
  readonly name: string;
  /** Header fields and query of one request; made anew for each, since one route ends sessions. */
  readonly with: () => { readonly headers: Readonly<Record<string, string>>; readonly query?: string };
  /** Whose things it rightly opens: nobody's, or those of B. */
  readonly opens: "nothing" | "b";
  /** What it must get where it opens nothing, by the route's access. */
  readonly refused: Readonly<Record<Exclude<Access, "public">, readonly number[]>>;
}

const csrf = { "x-metachat-csrf": "1" };
const nobody = { tenant: [401], user: [401] };

export function credentials({ a, b }: World): Credential[] {
  const cookie = (who: Inhabitant) => ({ cookie: `${sessionCookie}=${who.newSession()}`, ...csrf });
  const key = { authorization: `Bearer ${b.apiKey}` };
  const otherTenant = { tenant: [404], user: [] };
  return [
    { name: "no credential", with: () => ({ headers: {} }), opens: "nothing", refused: nobody },
    {
      name: "a key that does not exist",
      with: () => ({ headers: { authorization: `Bearer mc_key_${"x".repeat(43)}` } }),
      opens: "nothing",
      refused: nobody,
    },
    {
      name: "garbage as a key",
      with: () => ({ headers: { authorization: "Basic YWRtaW46YWRtaW4=" } }),
      opens: "nothing",
      refused: nobody,
    },
    {
      name: "garbage as a session, naming tenant A",
      with: () => ({
        headers: { cookie: `${sessionCookie}=nonsense`, "x-metachat-tenant": a.tenantId, ...csrf },
      }),
      opens: "nothing",
      refused: nobody,
    },
    {
      name: "B's key as a cookie, naming tenant A",
      with: () => ({
        headers: { cookie: `${sessionCookie}=${b.apiKey}`, "x-metachat-tenant": a.tenantId, ...csrf },
      }),
      opens: "nothing",
      refused: nobody,
    },
    {
      name: "B's key in the query",
      with: () => ({ headers: {}, query: `api_key=${b.apiKey}&token=${b.apiKey}` }),
      opens: "nothing",
      refused: nobody,
    },
    {
      name: "B's key in other headers",
      with: () => ({ headers: { "x-api-key": b.apiKey, "api-key": b.apiKey } }),
      opens: "nothing",
      refused: nobody,
    },
    { name: "B's key", with: () => ({ headers: key }), opens: "b", refused: { tenant: [404], user: [403] } },
    {
      name: "B's key, naming tenant A",
      with: () => ({ headers: { ...key, "x-metachat-tenant": a.tenantId }, query: `tenant=${a.tenantId}` }),
      opens: "b",
      refused: { tenant: [404], user: [403] },
    },
    {
      name: "B's key beside A's session",
      with: () => ({ headers: { ...key, ...cookie(a), "x-metachat-tenant": a.tenantId } }),
      opens: "b",
      refused: { tenant: [404], user: [403] },
    },
    {
      name: "B's session, naming tenant B",
      with: () => ({ headers: { ...cookie(b), "x-metachat-tenant": b.tenantId } }),
      opens: "b",
      refused: otherTenant,
    },
    ...[a.tenantId, a.slug, a.tenantId.toUpperCase(), `${b.tenantId},${a.tenantId}`].map(
      (named): Credential => ({
        name: `B's session, naming tenant A as ${named}`,
        with: () => ({ headers: { ...cookie(b), "x-metachat-tenant": named } }),
        opens: "nothing",
        refused: otherTenant,
      }),
    ),
    {
      name: "B's session, naming tenant A in the query",
      with: () => ({ headers: cookie(b), query: `tenant=${a.tenantId}` }),
      opens: "nothing",
      refused: otherTenant,
    },
    {
      name: "B's session, naming no tenant",
      with: () => ({ headers: cookie(b) }),
      opens: "nothing",
      refused: { tenant: [400], user: [] },
    },
    {
      name: "A's session, naming no tenant",
      with: () => ({ headers: cookie(a) }),
      opens: "nothing",
      refused: { tenant: [400], user: [] },
    },
  ];
}

export function guardedRoutes(world: World): Route[] {
  return allRoutes(world.test.app).filter((route) => route.access !== "public");
}

export const nameOf = (route: Route) => `${route.method} ${route.path}`;

/** Routes without a rule and rules without a route. */
export function uncovered(world: World, routes: readonly Route[] = guardedRoutes(world)): string[] {
  const rules = rulesFor(world.a);
  const names = new Set(routes.map(nameOf));
  return [
    ...[...names].filter((name) => rules[name] === undefined).map((name) => `${name} has no rule`),
    ...Object.keys(rules)
      .filter((name) => !names.has(name))
      .map((name) => `${name} is no route`),
  ];
}

/** Reads what comes; of an endless stream what comes at first. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) return response.text();
  const reader = response.body?.getReader();
  const first = await Promise.race([reader?.read(), Bun.sleep(1_000)]);
  await reader?.cancel();
  return first?.value === undefined ? "" : new TextDecoder().decode(first.value);
}

/** What of tenant A stands in a text, other than what the request itself named. */
export function leaksIn(text: string, a: Inhabitant, named: readonly string[]): string[] {
  const lower = text.toLowerCase();
  const secrets = [a.canary, a.tenantId, a.slug, a.userId, a.publicKey, a.apiKey, ...Object.values(a.ids)];
  return secrets.filter((secret) => !named.includes(secret) && lower.includes(secret.toLowerCase()));
}

async function attempt(
  world: World,
  route: Route,
  rule: Rule,
  credential: Credential,
  fetcher: Fetch,
): Promise<string[]> {
  const { a } = world;
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => rule.params?.[name] ?? `{${name}}`);
  const { headers, query } = credential.with();
  const response = await fetcher(`${world.test.url}${path}${query === undefined ? "" : `?${query}`}`, {
    method: route.method,
    headers: { ...headers, ...(rule.body === undefined ? {} : { "content-type": "application/json" }) },
    ...(rule.body === undefined ? {} : { body: JSON.stringify(rule.body) }),
  });
  const text = await textOf(response);
  const where = `${nameOf(route)} with ${credential.name}`;
  const ownSession = route.access === "user" && credential.name.startsWith("A's session");
  const named = [
    ...Object.values(rule.params ?? {}),
    ...(ownSession ? [a.canary, a.tenantId, a.slug, a.userId] : []),
  ];
  const findings = leaksIn(text, a, named).map(
    (secret) => `${where} shows "${secret}": ${text.slice(0, 300)}`,
  );
  const expected = expectedStatus(route, rule, credential);
  const fits = expected === "success" ? response.ok : expected.includes(response.status);
  if (!fits)
    findings.push(
      `${where} is answered with ${response.status}, not ${String(expected)}: ${text.slice(0, 300)}`,
    );
  if (!response.ok && response.headers.get("content-type")?.startsWith("application/problem+json") !== true)
    findings.push(`${where} is refused with something else than problem+json`);
  return findings;
}

function expectedStatus(route: Route, rule: Rule, credential: Credential): readonly number[] | "success" {
  const access = route.access === "user" ? "user" : "tenant";
  const refused = credential.refused[access];
  if (access === "user") return refused.length === 0 ? "success" : refused;
  return credential.opens === "b" && rule.names === "own" ? "success" : refused;
}

/** Everything that is wrong; empty when tenant A is safe. */
export async function findLeaks(world: World, fetcher: Fetch = fetch): Promise<string[]> {
  const rules = rulesFor(world.a);
  const findings = uncovered(world);
  for (const credential of credentials(world))
    for (const route of guardedRoutes(world)) {
      const rule = rules[nameOf(route)];
      if (rule !== undefined) findings.push(...(await attempt(world, route, rule, credential, fetcher)));
    }
  return findings;
}
