/** Processes that a benchmark starts end with it, also when it is ended itself. */

const running = new Set<Bun.Subprocess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Remembers the process until it has ended. */
export function endWithUs(child: Bun.Subprocess): void {
  running.add(child);
  void child.exited.then(() => running.delete(child));
}
