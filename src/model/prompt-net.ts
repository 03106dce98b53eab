/** What stands in PROMPT_COMMAND of a shell that has not been armed: it reads the start-up file, once. */
export function promptNet(rc: string): string {
  return `{ eval "\${__hp_begin:-__hp_late=1; . '${rc}/interactive.bash'; eval \\"\\$__hp_arm\\"}"; } 2>/dev/null`;
}
