/** `npm start`: from a fresh clone to a running server. What follows `--` goes to `metachat serve`. */
import { spawn } from "node:child_process";
import { ensureExecutable, ensurePackages, executable, findBun } from "./toolchain.mjs";

ensurePackages();
ensureExecutable(findBun());
const server = spawn(executable, ["serve", ...process.argv.slice(2)], { stdio: "inherit" });
// npm ends without a word to us when it is asked to; the server must not stay behind.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) server.kill("SIGTERM");
}, 500).unref();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
