import { createRequire } from 'node:module';

/** The version of kafkajs that the patches were written for and tested with. */
export const PATCHED_VERSION = '2.2.4';

const WHAT_TO_DO =
  `Install kafkajs ${PATCHED_VERSION}, or check every patch in libs/kafka/kafkajs/patches against the other version ` +
  '(docs/adr/0022-kafkajs-patched-in-place.md).';

/**
 * The only access to kafkajs' internal modules, which it does not export. Patches are written against the source of one
 * version, so any difference is an error at start: a patch that does not apply would show much later, as lost or
 * duplicate mails.
 */
export class KafkajsInternals {
  private readonly require: NodeJS.Require;

  /** `require` finds kafkajs. Throws when its version is not the one that the patches were written for. */
  constructor(require: NodeJS.Require) {
    this.require = require;
    const { version } = require('kafkajs/package.json') as { readonly version: string };
    if (version !== PATCHED_VERSION) {
      throw new Error(
        `kafkajs ${version} is installed, but it is patched as version ${PATCHED_VERSION}. ${WHAT_TO_DO}`,
      );
    }
  }

  /**
   * Loads the module `kafkajs/src/<path>`. Throws when it lacks one of `functions`, which are paths from what it
   * exports, such as `prototype.fetch`; an empty one is the export itself.
   */
  load<T>(path: string, functions: readonly string[]): T {
    const exported: unknown = this.require(`kafkajs/src/${path}`);
    for (const name of functions) {
      const found = name.split('.').filter(Boolean).reduce(memberOf, exported);
      if (typeof found !== 'function') throw changed(path, `expected a function ${name || 'as its export'}`);
    }
    return exported as T;
  }

  /**
   * Replaces the function that the module `kafkajs/src/<path>` exports. Throws when one of the modules that call it,
   * `callers`, has already been loaded and so keeps the original.
   */
  replace(path: string, replacement: (...args: never) => unknown, callers: readonly string[]): void {
    this.load(path, ['']);
    for (const caller of callers) {
      if (this.require.cache[this.fileOf(caller)])
        throw changed(caller, `it was loaded before ${path} could be replaced`);
    }
    const module = this.require.cache[this.fileOf(path)];
    if (!module) throw changed(path, 'expected it in the module cache');
    module.exports = replacement;
  }

  private fileOf(path: string): string {
    return this.require.resolve(`kafkajs/src/${path}`);
  }
}

/** kafkajs as it is installed. */
export const kafkajsInternals = new KafkajsInternals(createRequire(import.meta.url));

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
    ? Reflect.get(value, name)
    : undefined;
}

function changed(path: string, what: string): Error {
  return new Error(
    `kafkajs ${PATCHED_VERSION} cannot be patched: kafkajs/src/${path}: ${what}. ${WHAT_TO_DO}`,
  );
}
