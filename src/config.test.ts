import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, exampleConfig, loadConfig } from "./config.ts";

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "metachat-config-"));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig({ env });
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
  }
  return [];
}

test("with nothing set, the defaults of the contract are in force", () => {
  const { config, secrets } = loadConfig({ env: { METACHAT_DATA: folder() } });
  expect(config).toMatchObject({
    host: "127.0.0.1",
    port: 3210,
    publicUrl: null,
    ollamaHost: "http://127.0.0.1:11434",
    ollamaHostSet: false,
    durability: "full",
  });
  expect(config.maxUploadBytes).toBe(50 * 1024 * 1024);
  expect(secrets.masterKey).toBeNull();
});

test("each mistake is one sentence that names the setting and what it should be", () => {
  const mistakes = mistakesOf({
    METACHAT_DATA: folder(),
    METACHAT_PORT: "http",
    METACHAT_PUBLIC_URL: "shop",
    METACHAT_EGRESS_ALLOW: "10.0.0.0/33",
  });
  expect(mistakes).toHaveLength(3);
  expect(mistakes.join("\n")).toContain(
    'METACHAT_PORT must be a port number from 0 to 65535 (it is "http").',
  );
  expect(mistakes.join("\n")).toContain(
    "METACHAT_PUBLIC_URL must be an address that starts with http:// or https://",
  );
  expect(mistakes.join("\n")).toContain('"10.0.0.0/33" is not an address range');
});

test("an unknown setting stops the start, in the environment and in the file", () => {
  const data = folder();
  writeFileSync(join(data, "metachat.toml"), 'METACHAT_PORTT = "1"\n');
  const mistakes = mistakesOf({ METACHAT_DATA: data, METACHAT_HOSTT: "x" });
  expect(mistakes.map((mistake) => /METACHAT_\w+/.exec(mistake)?.[0])).toEqual([
    "METACHAT_HOSTT",
    "METACHAT_PORTT",
  ]);
});

test("the command line wins over the environment, the environment over the file", () => {
  const data = folder();
  writeFileSync(
    join(data, "metachat.toml"),
    'METACHAT_PORT = 1111\nMETACHAT_HOST = "0.0.0.0"\nMETACHAT_LOG_LEVEL = "warn"\n',
  );
  const { config } = loadConfig({
    env: { METACHAT_DATA: data, METACHAT_HOST: "::1", METACHAT_PORT: "2222" },
    flags: { METACHAT_PORT: "3333" },
  });
  expect([config.port, config.host, config.logLevel]).toEqual([3333, "::1", "warn"]);
});

test("a secret is read from its file, and its value is in no message", () => {
  const data = folder();
  const path = join(data, "secret");
  writeFileSync(path, `${Buffer.alloc(32, 7).toString("base64")}\n`);
  expect(
    loadConfig({ env: { METACHAT_DATA: data, METACHAT_MASTER_KEY_FILE: path } }).secrets.masterKey,
  ).toHaveLength(44);
  const mistakes = mistakesOf({ METACHAT_DATA: data, METACHAT_MASTER_KEY: "canary-secret" });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).not.toContain("canary-secret");
});

test("a file that cannot be read is a mistake, not a missing setting", () => {
  expect(mistakesOf({ METACHAT_DATA: folder(), METACHAT_MASTER_KEY_FILE: "/nowhere/key" })[0]).toContain(
    "/nowhere/key, which cannot be read",
  );
});

test("OLLAMA_HOST may be written as Ollama itself takes it", () => {
  const of = (value: string) =>
    loadConfig({ env: { METACHAT_DATA: folder(), OLLAMA_HOST: value } }).config.ollamaHost;
  expect(of("0.0.0.0")).toBe("http://127.0.0.1:11434");
  expect(of("gpu.local:9999")).toBe("http://gpu.local:9999");
  expect(of("https://models.example")).toBe("https://models.example");
});

test("the example file is valid once its lines are uncommented where they have a value", () => {
  const data = folder();
  const lines = exampleConfig()
    .split("\n")
    .filter(
      (line) => /^# \w+ = "[^"]/.test(line) && !line.includes("_FILE") && !line.includes("METACHAT_DATA"),
    );
  writeFileSync(join(data, "metachat.toml"), lines.map((line) => line.slice(2)).join("\n"));
  expect(loadConfig({ env: { METACHAT_DATA: data } }).config.port).toBe(3210);
});
