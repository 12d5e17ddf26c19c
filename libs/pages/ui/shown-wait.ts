/** Seconds as a person says them: `45秒`, `3分`, `2時間5分`. Minutes are rounded up, so that nobody comes too early. */
export function shownWait(seconds: number): string {
  if (seconds < 60) return `${seconds}秒`;
  const minutes = Math.ceil(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${hours > 0 ? `${hours}時間` : ''}${rest > 0 ? `${rest}分` : ''}`;
}
