import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APP_FLAGS } from '../../tools/app-flags.ts';
import { pageSections } from '../support/page-sections.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const files = (pattern: string) => globSync(pattern, { cwd: root, exclude: ['node_modules', 'dist'] }).sort();

interface PackageJson {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly imports: Record<string, Record<string, string>>;
  readonly scripts: Record<string, string>;
}
const { dependencies, devDependencies, imports, scripts } = JSON.parse(read('package.json')) as PackageJson;

/** The ids that the requirements define: the first cell of each table row. */
const idsOf = (text: string) => Array.from(text.matchAll(/^\| ([A-Z]\d+) +\|/gm), ([, id = '']) => id);
const [built = '', later = ''] = read('docs/requirements.md').split("## The subscribers' site");

/** `id in file` for every id at the start of a title or in its parentheses. */
function idsInTitles(): string[] {
  const string = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
  return files('{apps,libs,test,tools}/**/*.spec.ts').flatMap((file) =>
    Array.from(read(file).matchAll(string), ([, , text = '']) => text)
      .flatMap((text) => text.match(/^(?:[A-Z]\d{1,2} )+|\((?:[A-Z]\d{1,2}[, –]*)+\)/g) ?? [])
      .flatMap((ids) => ids.match(/[A-Z]\d{1,2}/g) ?? [])
      .map((id) => `${id} in ${file}`),
  );
}

describe('The repository', () => {
  it.each(['apps', 'libs', 'templates', 'brands', 'test', 'tools', 'ops', 'docs'])(
    'has its folder %s',
    (folder) => {
      expect(existsSync(join(root, folder))).toBe(true);
    },
  );

  it('names no package registry in its lock file, so that any can be used', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  it('pins every package to one version', () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it.each(['tsc', 'oxlint', 'tsgolint', 'depcruise', 'prettier', 'jest', 'knip', 'node'])(
    'has the tool %s',
    (tool) => {
      expect(existsSync(join(root, 'node_modules/.bin', tool))).toBe(true);
    },
  );

  it('has the sources of every npm script and of every library', () => {
    const named = Object.values(scripts).flatMap(
      (script) => script.match(/\b(?:tools|test)\/[\w/-]+\.(?:ts|mjs)\b/g) ?? [],
    );
    const sources = Object.values(imports).map((conditions) => conditions['source'] ?? '');
    const compiled = Object.values(scripts)
      .flatMap((script) => script.match(/\bdist\/[\w/-]+\.js\b/g) ?? [])
      .map((path) => path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
    expect([...named, ...sources, ...compiled].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(files('libs/*/index.ts'))('has only named exports in %s', (index) => {
    const text = read(index);
    expect(text).toMatch(/^export (type )?\{ *\w|^export (type )?\{\n/m);
    expect(text).not.toMatch(/export\s+\*|export\s+default|^export (const|function|class|interface) /m);
  });

  it('defines every requirement that a test names', () => {
    const known = new Set([...idsOf(built), ...idsOf(later)]);
    expect(idsInTitles().filter((place) => !known.has(place.replace(/ .*/, '')))).toEqual([]);
  });

  it('has a test for each requirement that is built', () => {
    const named = new Set(idsInTitles().map((place) => place.replace(/ .*/, '')));
    expect(idsOf(built)).toEqual(expect.arrayContaining(['C1', 'F1', 'R1', 'O1', 'B1']));
    expect(idsOf(built).filter((id) => !named.has(id))).toEqual([]);
  });

  it('numbers its decision records without a gap, each with background, decision and consequences', () => {
    const records = files('docs/adr/*.md');
    expect(records.map((path) => path.slice('docs/adr/'.length, 'docs/adr/'.length + 4))).toEqual(
      records.map((_path, index) => String(index + 1).padStart(4, '0')),
    );
    for (const record of records) {
      expect(read(record).match(/^#.*$/gm)).toEqual([
        expect.stringContaining(record.slice('docs/adr/'.length, 'docs/adr/'.length + 4)),
        '## Background',
        '## Decision',
        '## Consequences',
      ]);
    }
  });

  it('has no dead links in its pages, nor to sections that are not there', () => {
    const anchors = (page: string) => pageSections(read(page)).map(({ anchor }) => anchor);
    const isThere = (path: string, anchor?: string) =>
      existsSync(join(root, path)) && (anchor === undefined || anchors(path).includes(anchor));
    const dead = files('{*.md,docs/**/*.md}').flatMap((page) =>
      Array.from(read(page).matchAll(/(?:\]\(|src=")([^)"\s]+)/g), ([, target = '']) => target)
        .filter((target) => !/^(https?:|mailto:)/.test(target))
        .filter((target) => {
          const [path = '', anchor] = target.split('#');
          return !isThere(path === '' ? page : join(dirname(page), path), anchor);
        })
        .map((target) => `${page} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('uses in tests only the environments and loggers that are searched for secrets at the end', () => {
    const unseen = files('test/{acceptance,browser,integration,mail,support}/**/*.ts')
      .filter((file) => file !== 'test/support/run-log.ts')
      .filter((file) => /\b(createLogger|loadEnvironment)\b/.test(read(file)));
    expect(unseen).toEqual([]);
  });

  it('starts the apps with the same flags everywhere', () => {
    const [, ...own] = APP_FLAGS;
    for (const app of ['notifier', 'settings', 'site', 'voice', 'switch'])
      expect(scripts[app]).toContain(own.join(' '));
    const [, entry = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(read('ops/Dockerfile')) ?? [];
    expect(JSON.parse(entry)).toEqual(['node', ...APP_FLAGS]);
  });
});
