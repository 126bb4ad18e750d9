/**
 * Builds `dist/metachat`: front ends, migrations, models and native parts in one executable, and proves it with the
 * executable's own self-test in an empty folder.
 *
 *   bun build.ts [--target linux-x64|linux-arm64] [--web-only] [--no-self-test]
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import tailwind from "bun-plugin-tailwind";
import { filesInUse, manifestSchema } from "./src/inference/model-manifest.ts";

const root = import.meta.dir;
const dist = join(root, "dist");
const web = join(dist, "web");
const modules = join(root, "node_modules");

interface Target {
  readonly name: string;
  readonly bun: Bun.Build.CompileTarget;
  /** e_machine of the ELF header of every native file. */
  readonly machine: number;
  readonly arch: "x64" | "arm64";
}

const targets: readonly Target[] = [
  { name: "linux-x64", bun: "bun-linux-x64", machine: 62, arch: "x64" },
  { name: "linux-arm64", bun: "bun-linux-arm64", machine: 183, arch: "arm64" },
];

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

function fail(message: string): never {
  console.error(`build: ${message}`);
  process.exit(1);
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

async function bundle(options: Parameters<typeof Bun.build>[0]): Promise<Bun.BuildOutput> {
  const result = await Bun.build(options);
  if (!result.success) fail(result.logs.map(String).join("\n"));
  return result;
}

const production = { "process.env.NODE_ENV": '"production"' };

/** Dashboard, widget, demo page and API documentation into `dist/web`. */
async function buildWeb(): Promise<void> {
  rmSync(web, { recursive: true, force: true });
  mkdirSync(join(web, "docs"), { recursive: true });
  await bundle({
    entrypoints: [join(root, "web/dashboard/index.html")],
    outdir: web,
    plugins: [tailwind],
    target: "browser",
    minify: true,
    define: production,
    publicPath: "/",
    naming: {
      entry: "[name].[ext]",
      chunk: "assets/[name]-[hash].[ext]",
      asset: "assets/[name]-[hash].[ext]",
    },
  });
  for (const [entry, name] of [
    ["web/widget/main.tsx", "widget"],
    ["web/demo/demo.ts", "demo"],
  ] as const)
    await bundle({
      entrypoints: [join(root, entry)],
      outdir: web,
      naming: `${name}.[ext]`,
      target: "browser",
      format: "iife",
      minify: true,
      define: production,
    });
  for (const name of ["demo.html", "demo.css"]) cpSync(join(root, "web/demo", name), join(web, name));
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"])
    cpSync(join(modules, "swagger-ui-dist", name), join(web, "docs", name));
  for (const name of ["index.html", "start.js"])
    cpSync(join(root, "web/docs", name), join(web, "docs", name));
}

/** The native files of a target; those of another machine come from the npm registry. */
async function nativeFiles(target: Target): Promise<Record<string, string>> {
  const vec = `sqlite-vec-${target.name}`;
  const found = {
    sqlite: join(modules, "better-sqlite3/prebuilds", `${target.name}.node`),
    vec0: join(existsSync(join(modules, vec)) ? join(modules, vec) : await fetchPackage(vec), "vec0.so"),
    onnxruntime: join(modules, "onnxruntime-node/bin/napi-v6/linux", target.arch, "libonnxruntime.so.1"),
    onnxruntimeBinding: join(
      modules,
      "onnxruntime-node/bin/napi-v6/linux",
      target.arch,
      "onnxruntime_binding.node",
    ),
  };
  for (const [name, path] of Object.entries(found)) {
    const header = readFileSync(path).subarray(0, 20);
    if (header.readUInt32BE(0) !== 0x7f454c46) fail(`${path} is not a Linux library`);
    if (header.readUInt16LE(18) !== target.machine) fail(`${name} (${path}) is not made for ${target.name}`);
  }
  return found;
}

/** npm leaves out packages of other machines; this takes one as it is, at the version that is installed here. */
async function fetchPackage(name: string): Promise<string> {
  const { version } = await Bun.file(join(modules, "sqlite-vec/package.json")).json();
  const folder = join(root, ".cache", `${name}-${version}`);
  if (existsSync(join(folder, "package"))) return join(folder, "package");
  mkdirSync(folder, { recursive: true });
  await run(["npm", "pack", "--silent", "--pack-destination", folder, `${name}@${version}`]);
  const archive =
    readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? fail(`npm has no ${name}@${version}`);
  await run(["tar", "-xzf", join(folder, archive), "-C", folder]);
  return join(folder, "package");
}

async function run(
  command: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<void> {
  const child = Bun.spawn([...command], { stdout: "inherit", stderr: "inherit", ...options });
  if ((await child.exited) !== 0) fail(`${command.map((part) => basename(part)).join(" ")} failed`);
}

/** A gzip of the file, in the build's cache. */
function packed(path: string): string {
  const target = join(root, ".cache", `${basename(path)}.gz`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, Bun.gzipSync(readFileSync(path)));
  return target;
}

/** Of the models' folder: the manifest, and what it says that the product reads. */
function shippedOfModels(): ReadonlySet<string> {
  const path = join(root, "models/manifest.json");
  const { models } = manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  return new Set([path, ...models.flatMap(filesInUse).map((file) => join(root, "models", file.path))]);
}

/** Replaces `src/native/embedded.ts`, whose paths lead into the source tree, by one whose paths lead into the executable. */
function embeddedModule(native: Record<string, string>): string {
  const imports: string[] = [];
  const shipped = (path: string) => {
    imports.push(`import f${imports.length} from ${JSON.stringify(path)} with { type: "file" };`);
    return `{ path: f${imports.length - 1}, sha256: ${JSON.stringify(sha256(path))} }`;
  };
  const table = (folder: string, prefix: string, leave: (path: string) => boolean) =>
    files(folder)
      .filter((path) => !leave(path))
      .map((path) => `${JSON.stringify(prefix + relative(folder, path))}: ${shipped(path)}`)
      .join(",\n");
  const natives = Object.entries(native).map(([name, path]) => `${name}: ${shipped(path)}`);
  const inUse = shippedOfModels();
  const models = table(join(root, "models"), "", (path) => !inUse.has(path));
  const engine = shipped(packed(join(modules, "tesseract-wasm/dist/tesseract-core.wasm")));
  const english = shipped(join(modules, "@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz"));
  const pages = table(web, "/", () => false);
  const version = createHash("sha256")
    .update(Object.values(native).map(sha256).join())
    .update(sha256(join(root, "models/manifest.json")))
    .digest("hex")
    .slice(0, 16);
  return `${imports.join("\n")}
export const shippedFiles = { compiled: true, nativeVersion: ${JSON.stringify(version)},
native: { ${natives.join(",\n")} }, ocr: { engine: ${engine}, english: ${english} }, models: { ${models} }, web: { ${pages} } };`;
}

/** onnxruntime-node loads its addon from a path below node_modules; in the executable it asks `inference/onnx.ts`. */
function patchedBinding(source: string): string {
  const call = /require\(`\.\.\/bin\/napi-v6\/[^`]*`\)/g;
  if (source.match(call)?.length !== 1)
    fail("onnxruntime-node loads its addon in a way that build.ts does not know");
  return source.replace(call, 'globalThis[Symbol.for("metachat.onnxruntime-binding")]()');
}

function embedPlugin(module: string): Bun.BunPlugin {
  return {
    name: "metachat-embed",
    setup(build) {
      build.onLoad({ filter: /src\/native\/embedded\.ts$/ }, () => ({ contents: module, loader: "ts" }));
      build.onLoad({ filter: /onnxruntime-node\/dist\/binding\.js$/ }, async ({ path }) => ({
        contents: patchedBinding(await Bun.file(path).text()),
        loader: "js",
      }));
      // The library's own search for its addon: never reached, since the addon is handed to it.
      build.onLoad({ filter: /better-sqlite3\/lib\/binding\.js$/ }, () => ({
        contents:
          "exports.getBinding = (binding) => { if (typeof binding !== 'object' || binding === null) throw new Error('no addon given'); return binding; };",
        loader: "js",
      }));
    },
  };
}

async function compile(target: Target): Promise<string> {
  const native = await nativeFiles(target);
  const outfile = join(
    dist,
    target.name === "linux-x64" && process.arch === "x64" ? "metachat" : `metachat-${target.name}`,
  );
  const temporary = `${outfile}.building`;
  await bundle({
    entrypoints: [join(root, "src/main.ts"), join(root, "src/worker.ts")],
    root: join(root, "src"),
    plugins: [embedPlugin(embeddedModule(native))],
    target: "bun",
    format: "esm",
    minify: { whitespace: true, syntax: true },
    bytecode: true,
    define: production,
    compile: { target: target.bun, outfile: temporary, autoloadBunfig: false, autoloadDotenv: false },
  });
  renameSync(temporary, outfile);
  console.log(`built ${relative(root, outfile)}: ${(statSync(outfile).size / 1024 / 1024).toFixed(1)} MB`);
  return outfile;
}

/** In an empty folder, with a copy of the executable and nothing of this machine's environment. */
async function selfTest(executable: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "metachat-self-test-"));
  try {
    cpSync(executable, join(folder, "metachat"));
    await run([join(folder, "metachat"), "self-test", "--data", join(folder, "data")], {
      cwd: folder,
      env: {},
    });
    const left = readdirSync(folder).sort().join(" ");
    if (left !== "data metachat") fail(`the self-test left files outside its data folder: ${left}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv.includes("--target")
  ? process.argv[process.argv.indexOf("--target") + 1]
  : `linux-${process.arch}`;
const target =
  targets.find((item) => item.name === wanted) ??
  fail(`there is no target ${wanted}; there are ${targets.map((item) => item.name).join(" and ")}`);
mkdirSync(dist, { recursive: true });
await buildWeb();
if (!process.argv.includes("--web-only")) {
  const executable = await compile(target);
  if (target.arch === process.arch && !process.argv.includes("--no-self-test")) await selfTest(executable);
}
