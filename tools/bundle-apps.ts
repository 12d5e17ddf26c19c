import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, stop, type Plugin } from 'esbuild';

/**
 * Packages that stay beside the bundle: kafkajs, whose modules are patched one by one (ADR 0022); native ones and one of
 * WebAssembly, which look for their own files; and what Nest asks for but does without.
 */
const EXTERNAL = [
  'kafkajs',
  'kafkajs/*',
  '@node-rs/*',
  'lz4-napi',
  'libxml2-wasm',
  '@fastify/*',
  '@grpc/*',
  '@nats-io/*',
  '@nestjs/platform-fastify',
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'amqp-connection-manager',
  'amqplib',
  'class-transformer',
  'class-transformer/*',
  'class-validator',
  'mqtt',
];

/** What CommonJS packages expect of Node.js. */
const COMMON_JS =
  "import { createRequire as __createRequire } from 'node:module';" +
  'const require = __createRequire(import.meta.url), __dirname = import.meta.dirname;';

/**
 * Puts each compiled app and the packages that it uses into one file, in place of its `dist/apps/<app>/src/main.js`: an app
 * of one file starts in half the CPU time of one of two thousand. `compiled` is the output folder of the compiler.
 */
export async function bundleApps(compiled: string, apps: readonly string[]): Promise<void> {
  try {
    await Promise.all(apps.map((app) => bundleApp(compiled, app)));
  } finally {
    // esbuild's own process would live as long as ours.
    await stop();
  }
}

async function bundleApp(compiled: string, app: string): Promise<void> {
  const main = path.join(compiled, 'apps', app, 'src', 'main.js');
  await build({
    entryPoints: [main],
    outfile: main,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    banner: { js: COMMON_JS },
    external: EXTERNAL,
    plugins: [ourFiles(compiled, path.dirname(main)), packages()],
    logLevel: 'warning',
  });
}

/** Our own compiled files: their libraries, found where they were just compiled, and the folder that they lie in. */
function ourFiles(compiled: string, bundleFolder: string): Plugin {
  return {
    name: 'our-files',
    setup(bundle) {
      bundle.onResolve({ filter: /^[#.]/ }, ({ path: name, importer, resolveDir }) => {
        if (!isWithin(compiled, importer)) return undefined;
        const file = name.startsWith('#') ? ['libs', name.slice(1), 'index.js'] : [resolveDir, name];
        // Of what an app does not use of a library, nothing is kept.
        return { path: path.resolve(compiled, ...file), sideEffects: false };
      });
      bundle.onLoad({ filter: /\.js$/ }, async ({ path: file }) => {
        if (!isWithin(compiled, file)) return undefined;
        const text = await readFile(file, 'utf8');
        const folder = path.relative(bundleFolder, path.dirname(file));
        const there = `(import.meta.dirname + ${JSON.stringify(`/${folder}`)})`;
        return { contents: text.replaceAll('import.meta.dirname', there) };
      });
    },
  };
}

/**
 * Packages are left out of the bundle's source map, all of which Node.js parses for the first stack trace: it would take
 * 70 MB. A map of a file that has nothing to say about its lines does that.
 */
function packages(): Plugin {
  return {
    name: 'packages',
    setup(bundle) {
      // For transports, of which we have none, pino asks who calls it: Node.js would parse our map for the answer.
      bundle.onLoad({ filter: /[\\/]pino[\\/]lib[\\/]caller\.js$/ }, () => ({
        contents: 'module.exports = () => [];',
      }));
      bundle.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path: file }) => {
        const text = await readFile(file, 'utf8');
        const mappings = `${';'.repeat(text.split('\n').length + 1)}AAAA`;
        const map = JSON.stringify({ version: 3, sources: [''], names: [], mappings });
        const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
        return { contents: `${text}\n//# sourceMappingURL=${url}` };
      });
    },
  };
}

function isWithin(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}
