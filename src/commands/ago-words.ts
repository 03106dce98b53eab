/** `today`, `3 days ago`, `8 months ago`; times in milliseconds since the epoch. */
export function agoWords(time: number, now: number): string {
  const days = Math.floor((now - time) / 86_400_000);
  if (days < 1) return days < 0 ? "in the future" : "within a day";
  const [count, unit] =
    days < 14
      ? [days, "day"]
      : days < 60
        ? [days / 7, "week"]
        : days < 730
          ? [days / 30.44, "month"]
          : [days / 365.25, "year"];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? "" : "s"} ago`;
}

/** `March 2025` */
export function monthWords(time: number): string {
  const date = new Date(time);
  return `${months[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
}

const months = "January February March April May June July August September October November December".split(
  " ",
);
