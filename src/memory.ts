/** How much memory there is to share out. */
import { totalmem } from "node:os";

/** Bytes: the machine's, or fewer where the process is held to them (a container, a systemd unit). */
export function machineMemory(): number {
  const held = process.constrainedMemory();
  return held > 0 ? Math.min(held, totalmem()) : totalmem();
}
