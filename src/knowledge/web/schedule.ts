/** When a site is read again. Times are UTC. */
import { Cron } from "croner";

export const maxSchedule = 100;
const hourMs = 3_600_000;
/** Due times that are looked at to find two that are too close. */
const lookedAt = 50;

/** Null when it can be used; else what is wrong with it, for its owner. */
export function scheduleMistake(schedule: string): string | null {
  if (isNamed(schedule)) return null;
  try {
    const times = cronOf(schedule).nextRuns(lookedAt);
    if (times.length === 0) return "never comes due";
    const tooClose = times.some((time, index) => {
      const before = times[index - 1];
      return before !== undefined && time.getTime() - before.getTime() < hourMs;
    });
    return tooClose ? "comes due more than once an hour" : null;
  } catch {
    return 'is not "never", "daily", "weekly" or a cron expression of five parts such as "0 4 * * 1"';
  }
}

/** The first due time after `after`, in milliseconds; null: never. `id` spreads the sites over the night. */
export function nextDue(schedule: string, id: string, after: number): number | null {
  if (schedule === "never") return null;
  return (
    cronOf(isNamed(schedule) ? expressionOf(schedule, id) : schedule)
      .nextRun(new Date(after))
      ?.getTime() ?? null
  );
}

function isNamed(schedule: string): boolean {
  return schedule === "never" || schedule === "daily" || schedule === "weekly";
}

/** @throws when it is no cron expression; croner itself would take a single date too */
function cronOf(expression: string): Cron {
  if (!/^\S+(?:\s+\S+){4}$|^@[a-z]+$/.test(expression)) throw new RangeError("not five parts");
  return new Cron(expression, { timezone: "UTC", mode: "5-part", paused: true });
}

/** Between midnight and five, at a minute of the site's own: all sites at the same minute would be slow for all. */
function expressionOf(schedule: string, id: string): string {
  const own = Number(Bun.hash.crc32(id));
  const time = `${own % 60} ${Math.floor(own / 60) % 5}`;
  return schedule === "daily" ? `${time} * * *` : `${time} * * ${Math.floor(own / 300) % 7}`;
}
