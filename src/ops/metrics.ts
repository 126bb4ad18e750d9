/** Counters in Prometheus' format. Labels are few and fixed: routes by pattern, never ids. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface MetricSources {
  readonly openTenants: () => number;
  readonly runningJobs: () => number;
  readonly finishedJobs: () => number;
  readonly failedJobs: () => number;
  readonly liveSockets: () => number;
  readonly workerStarts: () => number;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"method" | "route" | "status">;
  readonly #durations: Histogram<"method" | "route">;
  #sources: MetricSources | undefined;

  constructor() {
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: "metachat_http_requests_total",
      help: "Requests answered",
      labelNames: ["method", "route", "status"],
      registers,
    });
    this.#durations = new Histogram({
      name: "metachat_http_request_duration_seconds",
      help: "Time to answer a request",
      labelNames: ["method", "route"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.#gauge("metachat_process_resident_memory_bytes", "Resident memory", () => process.memoryUsage.rss());
    this.#gauge("metachat_process_uptime_seconds", "Seconds since the start", () => process.uptime());
    this.#gauge(
      "metachat_open_tenant_databases",
      "Tenant databases that are open",
      () => this.#sources?.openTenants() ?? 0,
    );
    this.#gauge("metachat_jobs_running", "Jobs that run now", () => this.#sources?.runningJobs() ?? 0);
    this.#gauge(
      "metachat_jobs_finished_total",
      "Jobs finished since the start",
      () => this.#sources?.finishedJobs() ?? 0,
    );
    this.#gauge(
      "metachat_jobs_failed_total",
      "Failed tries of jobs since the start",
      () => this.#sources?.failedJobs() ?? 0,
    );
    this.#gauge(
      "metachat_live_sockets",
      "Visitors' sockets that are open",
      () => this.#sources?.liveSockets() ?? 0,
    );
    this.#gauge(
      "metachat_worker_starts_total",
      "Worker threads started",
      () => this.#sources?.workerStarts() ?? 0,
    );
  }

  /** Where the gauges look, once everything is built. */
  watch(sources: MetricSources): void {
    this.#sources = sources;
  }

  request(method: string, route: string, status: number, ms: number): void {
    this.#requests.inc({ method, route, status: String(status) });
    this.#durations.observe({ method, route }, ms / 1000);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
