/**
 * Says what happened, but not a thousand times: somebody who is refused in a loop must not fill the log. The first of a
 * minute are said; then how many more there were.
 */
export function sparing(say: (text: string) => void, most = 20, minute = 60_000): (text: string) => void {
  let said = 0;
  let unsaid = 0;
  return (text) => {
    if (said === 0)
      setTimeout(() => {
        if (unsaid > 0) say(`the like happened ${unsaid} times more within a minute`);
        said = 0;
        unsaid = 0;
      }, minute).unref();
    said += 1;
    if (said <= most) say(text);
    else unsaid += 1;
  };
}
