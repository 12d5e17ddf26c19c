/**
 * Node's flags for our apps. Almost nothing that an event makes outlives it, so a small young generation costs no speed;
 * and a heap that may grow to twice what lives in it, instead of four times, costs a tenth of the speed and saves a
 * quarter of the memory. The npm scripts and ops/Dockerfile say the same; a test compares them.
 */
export const APP_FLAGS = [
  '--enable-source-maps',
  '--max-semi-space-size=16',
  '--heap-growing-percent=100',
] as const;
