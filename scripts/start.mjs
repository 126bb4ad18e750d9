/** `npm start`: from a fresh clone to a running server. What follows `--` goes to `metachat serve`. */
import { spawn } from "node:child_process";
import { ensureExecutable, ensurePackages, executable, findBun } from "./toolchain.mjs";

ensurePackages();
ensureExecutable(findBun());
const server = spawn(executable, ["serve", ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
