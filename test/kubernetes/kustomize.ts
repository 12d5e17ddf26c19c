import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** A resource of Kubernetes, as far as every kind is alike. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; namespace?: string; readonly labels?: Record<string, string> };
}

interface Patch {
  readonly path: string;
  readonly target: { readonly kind: string; readonly name?: string };
}

interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly resources?: readonly string[];
  readonly patches?: readonly Patch[];
  readonly images?: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly literals: readonly string[] }[];
}

const UNDERSTOOD = [
  'apiVersion',
  'kind',
  'namespace',
  'resources',
  'patches',
  'images',
  'configMapGenerator',
];

function readYaml<T>(file: string): readonly T[] {
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as T | null)
    .filter((document) => document !== null);
}

/**
 * Builds a folder as `kustomize build` does, with what our folders use of it: resources, JSON patches that add, images, a
 * namespace, ConfigMaps of literals (whose names get no hash here). Throws for anything else.
 */
export function buildKustomization(folder: string): Resource[] {
  const file = path.join(folder, 'kustomization.yaml');
  const kustomization = parse(readFileSync(file, 'utf8')) as Kustomization;
  const unknown = Object.keys(kustomization).filter((key) => !UNDERSTOOD.includes(key));
  if (unknown.length > 0) throw new Error(`${file}: this reader does not know ${unknown.join(', ')}`);
  const { namespace, resources = [], patches = [], images = [], configMapGenerator = [] } = kustomization;
  const built = resources.flatMap((name) => {
    const place = path.join(folder, name);
    return statSync(place).isDirectory() ? buildKustomization(place) : readYaml<Resource>(place);
  });
  for (const { name, literals } of configMapGenerator)
    built.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...dataOf(literals) });
  for (const patch of patches) applyPatch(built, patch, folder);
  for (const { name, newName, newTag } of images) setImages(built, name, `${newName}:${newTag}`);
  if (namespace !== undefined)
    for (const one of built) if (one.kind !== 'Namespace') one.metadata.namespace = namespace;
  return built;
}

function dataOf(literals: readonly string[]): { data: Record<string, string> } {
  const pairs = literals.map((literal) => /^([^=]+)=(.*)$/s.exec(literal) ?? []);
  return { data: Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value])) };
}

function applyPatch(built: readonly Resource[], { path: file, target }: Patch, folder: string): void {
  const [operations = []] = readYaml<readonly { op: string; path: string; value: unknown }[]>(
    path.join(folder, file),
  );
  const chosen = built.filter(
    ({ kind, metadata }) => kind === target.kind && (target.name ?? metadata.name) === metadata.name,
  );
  if (chosen.length === 0) throw new Error(`${file}: there is nothing to patch`);
  for (const { op, path: pointer, value } of operations) {
    if (op !== 'add') throw new Error(`${file}: this reader does not know the operation ${op}`);
    for (const one of chosen) add(one, pointer.slice(1).split('/'), structuredClone(value));
  }
}

/** RFC 6902's `add`, where the parent is there. */
function add(within: object, [first = '', ...rest]: readonly string[], value: unknown): void {
  const holder = within as Record<string, unknown>;
  if (rest.length > 0) return add(holder[first] as object, rest, value);
  if (Array.isArray(within) && first === '-') within.push(value);
  else holder[first] = value;
}

function setImages(within: unknown, name: string, image: string): void {
  if (typeof within !== 'object' || within === null) return;
  for (const [key, value] of Object.entries(within))
    if (key === 'image' && value === name) (within as Record<string, unknown>)[key] = image;
    else setImages(value, name, image);
}
