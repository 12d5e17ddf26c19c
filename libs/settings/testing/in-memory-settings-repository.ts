import {
  EMPTY_FAULT_NOTICE,
  emptyNumberSettings,
  type FaultNotice,
  type NumberSection,
  type NumberSections,
  type NumberSettings,
} from '#rules';
import {
  isMet,
  type Line,
  type LineWriteResult,
  type Precondition,
  type SettingsRepository,
  type Versioned,
  type WriteResult,
} from '../settings-repository.ts';

interface StoredLine {
  readonly line: Versioned<Line>;
  readonly faultNotice: Versioned<FaultNotice>;
}

interface StoredNumber {
  readonly settings: NumberSettings;
  readonly versions: Readonly<Record<NumberSection, string>>;
}

/** The repository of settings for tests: the contract of the one in Redis, without a server. */
export class InMemorySettingsRepository implements SettingsRepository {
  readonly #lines = new Map<string, StoredLine>();
  readonly #numbers = new Map<string, StoredNumber>();
  #versions = 0;

  async getLine(lineNumber: string): Promise<Versioned<Line> | undefined> {
    return this.#lines.get(lineNumber)?.line;
  }

  async findLine(number: string): Promise<Line | undefined> {
    const lineNumber = this.#numbers.get(number)?.settings.lineNumber;
    return lineNumber === undefined ? undefined : this.#lines.get(lineNumber)?.line.value;
  }

  async putLine(asked: Line, condition?: Precondition): Promise<LineWriteResult> {
    const line: Line = { ...asked, numbers: [...new Set([asked.lineNumber, ...asked.numbers])] };
    const before = this.#lines.get(line.lineNumber);
    if (!isMet(condition, before?.line.version)) return { kind: 'stale' };
    const owners = line.numbers.map((number) => this.#numbers.get(number)?.settings);
    const taken = owners.find((owner) => owner && owner.lineNumber !== line.lineNumber);
    if (taken) return { kind: 'taken', number: taken.number, lineNumber: taken.lineNumber };
    for (const number of before?.line.value.numbers ?? [])
      if (!line.numbers.includes(number)) this.#numbers.delete(number);
    for (const number of line.numbers) this.#numbers.set(number, this.#numberOf(line, number));
    const version = this.#newVersion();
    const faultNotice = before?.faultNotice ?? { value: EMPTY_FAULT_NOTICE, version: this.#newVersion() };
    this.#lines.set(line.lineNumber, { line: { value: line, version }, faultNotice });
    return { kind: 'written', version, created: !before };
  }

  async deleteLine(lineNumber: string, condition?: Precondition): Promise<'deleted' | 'unknown' | 'stale'> {
    const before = this.#lines.get(lineNumber);
    if (!before) return 'unknown';
    if (!isMet(condition, before.line.version)) return 'stale';
    for (const number of before.line.value.numbers) this.#numbers.delete(number);
    this.#lines.delete(lineNumber);
    return 'deleted';
  }

  async getNumber(number: string): Promise<NumberSettings | undefined> {
    return this.#numbers.get(number)?.settings;
  }

  async getSection<S extends NumberSection>(
    number: string,
    section: S,
  ): Promise<Versioned<NumberSections[S]> | undefined> {
    const stored = this.#numbers.get(number);
    return stored && { value: stored.settings[section], version: stored.versions[section] };
  }

  async putSection<S extends NumberSection>(
    number: string,
    section: S,
    value: NumberSections[S],
    condition?: Precondition,
  ): Promise<WriteResult> {
    const before = this.#numbers.get(number);
    if (!before) return { kind: 'unknown' };
    if (!isMet(condition, before.versions[section])) return { kind: 'stale' };
    const version = this.#newVersion();
    this.#numbers.set(number, {
      settings: { ...before.settings, [section]: value },
      versions: { ...before.versions, [section]: version },
    });
    return { kind: 'written', version, created: false };
  }

  async getFaultNotice(lineNumber: string): Promise<Versioned<FaultNotice> | undefined> {
    return this.#lines.get(lineNumber)?.faultNotice;
  }

  async putFaultNotice(
    lineNumber: string,
    value: FaultNotice,
    condition?: Precondition,
  ): Promise<WriteResult> {
    const before = this.#lines.get(lineNumber);
    if (!before) return { kind: 'unknown' };
    if (!isMet(condition, before.faultNotice.version)) return { kind: 'stale' };
    const version = this.#newVersion();
    this.#lines.set(lineNumber, { ...before, faultNotice: { value, version } });
    return { kind: 'written', version, created: false };
  }

  #newVersion(): string {
    this.#versions += 1;
    return `v${this.#versions}`;
  }

  /** One that stays keeps its settings, under the line's brand of now; one that comes begins off and empty. */
  #numberOf({ lineNumber, brand }: Line, number: string): StoredNumber {
    const before = this.#numbers.get(number);
    if (before) return { ...before, settings: { ...before.settings, brand } };
    const [callNotice, faxNotice, screening] = [this.#newVersion(), this.#newVersion(), this.#newVersion()];
    return {
      settings: emptyNumberSettings({ number, lineNumber, brand }),
      versions: { callNotice, faxNotice, screening },
    };
  }
}
