import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> };

/** Where Node.js looks up a package from another package's folder, nearest first. */
function places(from: string, name: string): string[] {
  const parents = from.split('/node_modules/');
  return parents.map((_, index) =>
    [...parents.slice(0, parents.length - index), name].join('/node_modules/'),
  );
}

describe('package-lock.json', () => {
  // npm omits packages that its registry lacks; `npm ci` then rejects the file everywhere.
  it('lists the optional packages of every platform', () => {
    const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => ![...places(from, name), `node_modules/${name}`].some((place) => place in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});
