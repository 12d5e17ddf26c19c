/**
 * Knows of a partition's records, in the order of their offsets, which are settled, and how far they are without a
 * gap. Offsets may jump (compaction, transactions): what does not exist needs no settling.
 */
export class OffsetTracker {
  private readonly offsets: readonly string[];
  private readonly settledAt: Uint8Array;
  private contiguous = 0;

  constructor(offsets: readonly string[]) {
    this.offsets = offsets;
    this.settledAt = new Uint8Array(offsets.length);
  }

  /** Marks the record at `index`; twice is as good as once. */
  settle(index: number): void {
    this.settledAt[index] = 1;
    while (this.settledAt[this.contiguous] === 1) this.contiguous++;
  }

  isSettled(index: number): boolean {
    return this.settledAt[index] === 1;
  }

  /** How many records from the first are settled without a gap: the index of the first unsettled one. */
  get front(): number {
    return this.contiguous;
  }

  /** The offset to commit, the next one to be read; `undefined` while the first record is unsettled. */
  get commitOffset(): string | undefined {
    const last = this.contiguous === 0 ? undefined : this.offsets[this.contiguous - 1];
    return last === undefined ? undefined : String(BigInt(last) + 1n);
  }

  /** Indexes of the records that are settled beyond the first unsettled one. */
  beyondFront(): number[] {
    const indexes: number[] = [];
    for (let index = this.contiguous; index < this.offsets.length; index++) {
      if (this.settledAt[index] === 1) indexes.push(index);
    }
    return indexes;
  }
}
