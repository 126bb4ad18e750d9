import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "..");

test("the generated pages of docs/ are up to date", async () => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "docs.ts"), "--check"], {
    stderr: "pipe",
  });
  expect([await child.exited, await new Response(child.stderr).text()]).toEqual([0, ""]);
});

test("every dependency stands in THIRD_PARTY.md with its version", () => {
  const manifest: { dependencies: Record<string, string>; devDependencies: Record<string, string> } =
    JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const text = readFileSync(join(root, "THIRD_PARTY.md"), "utf8");
  const missing = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([name, version]) => !text.includes(`| ${name} | ${version} |`),
  );
  expect(missing).toEqual([]);
});

test("versions are pinned exactly", () => {
  const manifest: { dependencies: Record<string, string>; devDependencies: Record<string, string> } =
    JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test("links between the documents lead somewhere", () => {
  const pages = [
    "README.md",
    "CHANGELOG.md",
    "THIRD_PARTY.md",
    ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  ];
  const broken: string[] = [];
  for (const page of pages)
    for (const match of readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)#:]+?)(?:#[^)]*)?\)/g))
      if (!existsSync(join(root, dirname(page), match[1] ?? ""))) broken.push(`${page}: ${match[1]}`);
  expect(broken).toEqual([]);
});
