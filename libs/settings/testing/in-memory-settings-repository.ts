import {
  EMPTY_BULK_TRANSFER,
  EMPTY_FAULT_NOTICE,
  emptyNumberSettings,
  offUnlessContracted,
  sectionOf,
  withinLine,
  type BulkTransferSettings,
  type CallNotice,
  type FaultNotice,
  type NumberSection,
  type NumberSections,
  type NumberSettings,
} from '#rules';
import {
  isMet,
  type CallNoticeWrite,
  type Line,
  type LineWriteResult,
  type Precondition,
  type SettingsRepository,
  type StoredPart,
  type Versioned,
  type WriteResult,
} from '../settings-repository.ts';
import {
  bulkTransferState,
  voiceWarpState,
  type SwitchPlace,
  type SwitchState,
  numberOfPlace,
} from '../switch/switch-state.ts';
import { InMemorySwitchOutbox } from './in-memory-switch-outbox.ts';

interface StoredLine {
  readonly line: Versioned<Line>;
  readonly faultNotice: Versioned<FaultNotice>;
  readonly bulkTransfer: Versioned<BulkTransferSettings>;
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
  /** What the switch has to be told of it. */
  readonly outbox = new InMemorySwitchOutbox((place) => this.#switchStateOf(place));

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
    const version = this.#newVersion();
    const had = before?.line.value.numbers ?? [];
    this.outbox.note(placesOf(line.lineNumber, [...had, ...line.numbers]), () => {
      for (const number of had) if (!line.numbers.includes(number)) this.#numbers.delete(number);
      for (const number of line.numbers) this.#numbers.set(number, this.#numberOf(line, number));
      const faultNotice = before?.faultNotice ?? { value: EMPTY_FAULT_NOTICE, version: this.#newVersion() };
      const bulkTransfer = this.#transferOf(line, before);
      this.#lines.set(line.lineNumber, { line: { value: line, version }, faultNotice, bulkTransfer });
    });
    return { kind: 'written', version, created: !before };
  }

  async deleteLine(lineNumber: string, condition?: Precondition): Promise<'deleted' | 'unknown' | 'stale'> {
    const before = this.#lines.get(lineNumber);
    if (!before) return 'unknown';
    if (!isMet(condition, before.line.version)) return 'stale';
    const { numbers } = before.line.value;
    this.outbox.note(placesOf(lineNumber, numbers), () => {
      for (const number of numbers) this.#numbers.delete(number);
      this.#lines.delete(lineNumber);
    });
    return 'deleted';
  }

  async getNumber(number: string): Promise<NumberSettings | undefined> {
    return this.#numbers.get(number)?.settings;
  }

  async getSection<S extends NumberSection>(
    number: string,
    section: S,
  ): Promise<StoredPart<NumberSections[S]> | undefined> {
    const stored = this.#numbers.get(number);
    if (!stored) return undefined;
    const { services } = stored.settings;
    const value = sectionOf(stored.settings, section);
    return { value, version: stored.versions[section], ...(services && { services }) };
  }

  async putSection<S extends NumberSection>(
    number: string,
    section: S,
    value: NumberSections[S],
    condition?: Precondition,
  ): Promise<WriteResult<NumberSections[S]>> {
    const before = this.#numbers.get(number);
    if (!before) return { kind: 'unknown' };
    if (!isMet(condition, before.versions[section])) return { kind: 'stale' };
    const version = this.#newVersion();
    this.outbox.note([`voice-warp:${number}`], () =>
      this.#numbers.set(number, {
        settings: { ...before.settings, [section]: value },
        versions: { ...before.versions, [section]: version },
      }),
    );
    return { kind: 'written', value, version, created: false };
  }

  async getCallNotices(numbers: readonly string[]): Promise<ReadonlyMap<string, Versioned<CallNotice>>> {
    const found = await Promise.all(
      numbers.map(async (number) => [number, await this.getSection(number, 'callNotice')] as const),
    );
    return new Map(found.flatMap(([number, notice]) => (notice ? [[number, notice]] : [])));
  }

  async putCallNotices(writes: readonly CallNoticeWrite[]): Promise<'written' | 'stale'> {
    const isStale = ({ number, version }: CallNoticeWrite): boolean =>
      this.#numbers.get(number)?.versions.callNotice !== version;
    if (writes.some(isStale)) return 'stale';
    for (const { number, value } of writes) await this.putSection(number, 'callNotice', value);
    return 'written';
  }

  async settleEdits(): Promise<void> {}

  async getFaultNotice(lineNumber: string): Promise<StoredPart<FaultNotice> | undefined> {
    return this.#linePart(lineNumber, ({ faultNotice }) => faultNotice);
  }

  async putFaultNotice(
    lineNumber: string,
    value: FaultNotice,
    condition?: Precondition,
  ): Promise<WriteResult<FaultNotice>> {
    const before = this.#lines.get(lineNumber);
    if (!before) return { kind: 'unknown' };
    if (!isMet(condition, before.faultNotice.version)) return { kind: 'stale' };
    const version = this.#newVersion();
    this.#lines.set(lineNumber, { ...before, faultNotice: { value, version } });
    return { kind: 'written', value, version, created: false };
  }

  async getBulkTransfer(lineNumber: string): Promise<StoredPart<BulkTransferSettings> | undefined> {
    return this.#linePart(lineNumber, ({ bulkTransfer }) => bulkTransfer);
  }

  async putBulkTransfer(
    lineNumber: string,
    asked: BulkTransferSettings,
    condition?: Precondition,
    { isOrder = false }: { readonly isOrder?: boolean } = {},
  ): Promise<WriteResult<BulkTransferSettings>> {
    const before = this.#lines.get(lineNumber);
    if (!before) return { kind: 'unknown' };
    if (!isMet(condition, before.bulkTransfer.version)) return { kind: 'stale' };
    const value = withinLine(asked, before.line.value.numbers);
    const version = this.#newVersion();
    const write = (): void =>
      void this.#lines.set(lineNumber, { ...before, bulkTransfer: { value, version } });
    this.outbox.note([`bulk-transfer:${lineNumber}`], write, isOrder);
    return { kind: 'written', value, version, created: false };
  }

  async isTold(place: SwitchPlace): Promise<boolean> {
    return this.outbox.isTold(place);
  }

  #switchStateOf(place: SwitchPlace): SwitchState {
    const number = numberOfPlace(place);
    if (place.startsWith('voice-warp:')) return voiceWarpState(this.#numbers.get(number)?.settings);
    const { line, bulkTransfer } = this.#lines.get(number) ?? {};
    const isSet = bulkTransfer && bulkTransfer.value !== EMPTY_BULK_TRANSFER;
    return bulkTransferState(line && { ...line.value, ...(isSet && { bulkTransfer: bulkTransfer.value }) });
  }

  #newVersion(): string {
    this.#versions += 1;
    return `v${this.#versions}`;
  }

  /** The destinations of the numbers that stay; off where it was not contracted all the time. */
  #transferOf(
    { lineNumber, numbers, services }: Line,
    before: StoredLine | undefined,
  ): Versioned<BulkTransferSettings> {
    const had = before?.bulkTransfer ?? { value: EMPTY_BULK_TRANSFER, version: this.#newVersion() };
    const contracted = [before?.line.value.services?.[lineNumber], services?.[lineNumber]];
    const value = offUnlessContracted(withinLine(had.value, numbers), 'bulk-transfer', contracted);
    return value === had.value ? had : { value, version: this.#newVersion() };
  }

  #linePart<T>(lineNumber: string, part: (line: StoredLine) => Versioned<T>): StoredPart<T> | undefined {
    const stored = this.#lines.get(lineNumber);
    const services = stored?.line.value.services?.[lineNumber];
    return stored && { ...part(stored), ...(services && { services }) };
  }

  /** One that stays keeps its settings, under what the line says now; one that comes begins off and empty. */
  #numberOf({ lineNumber, brand, services: contracted }: Line, number: string): StoredNumber {
    const services = contracted?.[number];
    const before = this.#numbers.get(number);
    const { services: hadServices, ...settings } =
      before?.settings ?? emptyNumberSettings({ number, lineNumber, brand });
    const now = { ...settings, brand, ...(services && { services }) };
    if (before) return this.#forwarding({ ...before, settings: now }, [hadServices, services]);
    return {
      settings: now,
      versions: {
        callNotice: this.#newVersion(),
        faxNotice: this.#newVersion(),
        screening: this.#newVersion(),
        voiceWarp: this.#newVersion(),
      },
    };
  }

  /** A number whose call forwarding is off where it was not contracted all the time. */
  #forwarding(number: StoredNumber, beforeAndAfter: Parameters<typeof offUnlessContracted>[2]): StoredNumber {
    const { voiceWarp: had } = number.settings;
    const voiceWarp = had && offUnlessContracted(had, 'voice-warp', beforeAndAfter);
    if (!voiceWarp || voiceWarp === had) return number;
    const versions = { ...number.versions, voiceWarp: this.#newVersion() };
    return { settings: { ...number.settings, voiceWarp }, versions };
  }
}

/** Everything of a line and these numbers that the switch knows. */
function placesOf(lineNumber: string, numbers: readonly string[]): readonly SwitchPlace[] {
  const warps = [...new Set(numbers)].map((number): SwitchPlace => `voice-warp:${number}`);
  return [...warps, `bulk-transfer:${lineNumber}`];
}
