/** A day for people, in the local time: `today`, `yesterday`, `5 days ago`, `in March`, `in March 2025`. Milliseconds since the epoch, both. */
export function dayWords(time: number, now: number): string {
  const then = new Date(time);
  const today = new Date(now);
  if (Number.isNaN(then.getTime())) return "at an unknown time";
  const days = Math.round((midnight(today) - midnight(then)) / day);
  if (days === 0) return "today";
  if (days === 1) return "yesterday";
  if (days > 1 && days < 14) return `${days} days ago`;
  const month = months[then.getMonth()] ?? "";
  return then.getFullYear() === today.getFullYear() && days > 0
    ? `in ${month}`
    : `in ${month} ${then.getFullYear()}`;
}

/** How long ago: `just now`, `a minute ago`, `3 hours ago`. */
export function ageWords(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return ago(minutes, "a minute", "minutes");
  if (minutes < 48 * 60) return ago(Math.floor(minutes / 60), "an hour", "hours");
  return ago(Math.floor(minutes / (24 * 60)), "a day", "days");
}

function ago(count: number, one: string, many: string): string {
  return count === 1 ? `${one} ago` : `${count} ${many} ago`;
}

const day = 24 * 60 * 60_000;

/** Days are told apart by the calendar: summer time makes some of them 23 hours long. */
function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
