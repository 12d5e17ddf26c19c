// Fails a test file that leaves sockets, servers, child processes or timers open after its last hook. In a real program
// they would prevent its exit, and in a test run they disturb later files. Jest itself loads this file, hence CommonJS.
const { setTimeout: delay } = require('node:timers/promises');
const { TestEnvironment } = require('jest-environment-node');

/** Generous: what ends by itself on a quiet machine takes its time on a busy one. */
const LIMIT_MS = 30_000;
const POLL_MS = 20;

/** Counts the resources of each kind that keep this process alive. */
function activeResources() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

class LeakCheckingEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    // They open at their first use, which would look like a leak of the tests.
    void [process.stdin, process.stdout, process.stderr];
    this.before = activeResources();
  }

  leaks() {
    return [...activeResources()]
      .map(([kind, count]) => [kind, count - (this.before.get(kind) ?? 0)])
      .filter(([, more]) => more > 0);
  }

  async handleTestEvent(event, state) {
    if (event.name !== 'run_finish') return;
    const end = Date.now() + LIMIT_MS;
    while (this.leaks().length > 0 && Date.now() < end) await delay(POLL_MS, undefined, { ref: false });
    const leaks = this.leaks().map(([kind, more]) => `${more} × ${kind}`);
    if (leaks.length > 0)
      // Added to the tests' own errors, which a thrown error would replace.
      state.unhandledErrors.push(
        new Error(`Still open ${LIMIT_MS / 1000} s after the last test and hook: ${leaks.join(', ')}`),
      );
  }
}

module.exports = { default: LeakCheckingEnvironment, __esModule: true };
