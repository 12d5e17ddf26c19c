import { shownWait } from './shown-wait.ts';

it.each([
  [1, '1秒'],
  [59, '59秒'],
  [60, '1分'],
  [61, '2分'],
  [3_540, '59分'],
  [3_541, '1時間'],
  [3_600, '1時間'],
  [3_601, '1時間1分'],
  [86_400, '24時間'],
])('C12 A3 a wait of %i seconds is said as %s', (seconds, said) => {
  expect(shownWait(seconds)).toBe(said);
});
