/** What a process does to the world around it, as the kernel sees it. Linux only. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** `127.0.0.1:80` out of the kernel's `0100007F:0050`; IPv6 addresses are left as they are. */
function address(hex: string): string {
  const [host = "", port = ""] = hex.split(":");
  const number = Number.parseInt(port, 16);
  const bytes = (text: string) =>
    (text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse();
  if (host.length === 8) return `${bytes(host).join(".")}:${number}`;
  const mapped = host.startsWith("0000000000000000FFFF0000") ? bytes(host.slice(24)).join(".") : `[${host}]`;
  return `${mapped}:${number}`;
}

function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}

/** Looks many times a second at the sockets of a process and its children and notes whom they connect to. */
export class SocketWatch implements Disposable {
  readonly #seen = new Set<string>();
  readonly #timer: Timer;

  constructor(readonly pid: number) {
    this.#timer = setInterval(() => this.#look(), 40);
  }

  /** `host:port` of every connection that the process made itself (those made to it are left out). */
  remotes(): string[] {
    this.#look();
    return [...this.#seen].sort();
  }

  #look(): void {
    const rows = ["tcp", "tcp6", "udp", "udp6"].flatMap((name) =>
      orNothing(() => readFileSync(`/proc/${this.pid}/net/${name}`, "utf8"), "")
        .split("\n")
        .slice(1),
    );
    for (const pid of family(this.pid)) {
      const inodes = new Set<string>();
      for (const fd of orNothing(() => readdirSync(`/proc/${pid}/fd`), [])) {
        const target = orNothing(() => readlinkSync(`/proc/${pid}/fd/${fd}`), "");
        const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
        if (inode !== undefined) inodes.add(inode);
      }
      const own = rows.map((row) => row.trim().split(/\s+/)).filter((row) => inodes.has(row[9] ?? ""));
      const listening = new Set(own.filter((row) => row[3] === "0A").map((row) => row[1]?.split(":")[1]));
      for (const [, local = "", remote = "", state] of own) {
        const incoming = listening.has(local.split(":")[1]);
        if (state !== "0A" && !incoming && !/^0+:0000$/.test(remote)) this.#seen.add(address(remote));
      }
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function family(pid: number): number[] {
  const children = orNothing(() => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"), "");
  return [
    pid,
    ...children
      .split(" ")
      .filter(Boolean)
      .flatMap((child) => family(Number(child))),
  ];
}

export function hasTracer(): boolean {
  return Bun.which("strace") !== null;
}

/** Put before a command: writes its connections and its changes to files to `log`. */
export function traced(log: string): string[] {
  const calls =
    "connect,sendto,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink";
  return ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "300", "-e", `trace=${calls}`, "-o", log];
}

/** Absolute paths that the traced process made or opened for writing. */
export function writtenPaths(trace: string): string[] {
  const paths = new Set<string>();
  for (const line of trace.split("\n")) {
    const opened = /\bopen(?:at)?\((?:AT_FDCWD, )?"([^"]+)", ([^,)]+).*= \d+/.exec(line);
    const changed =
      /\b(?:creat|mkdir|mkdirat|rename|renameat2?|link|linkat|symlink)\(.*"(\/[^"]+)"[^"]*= 0/.exec(line);
    if (opened !== null && /O_CREAT|O_WRONLY|O_RDWR/.test(opened[2] ?? "")) paths.add(opened[1] ?? "");
    else if (changed !== null) paths.add(changed[1] ?? "");
  }
  return [...paths].sort();
}
