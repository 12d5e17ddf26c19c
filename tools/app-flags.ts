/**
 * Node's flags for our apps. Batches outlive the young generation whatever its size, so a small one costs no speed and
 * keeps a process about a quarter smaller. The npm scripts and ops/Dockerfile say the same; a test compares them.
 */
export const APP_FLAGS = ['--enable-source-maps', '--max-semi-space-size=4'] as const;
