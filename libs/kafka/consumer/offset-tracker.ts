/** Knows which of so many records, by their place, are settled, and how far they are without a gap. */
export class OffsetTracker {
  private readonly settledAt: Uint8Array;
  private contiguous = 0;
  private left: number;

  constructor(records: number) {
    this.settledAt = new Uint8Array(records);
    this.left = records;
  }

  /** Marks the record at `index`; false when it was settled before. */
  settle(index: number): boolean {
    if (this.settledAt[index] !== 0) return false;
    this.settledAt[index] = 1;
    this.left -= 1;
    while (this.settledAt[this.contiguous] === 1) this.contiguous++;
    return true;
  }

  /** How many records from the first are settled without a gap: the index of the first unsettled one. */
  get front(): number {
    return this.contiguous;
  }

  /** How many are not settled. */
  get unsettled(): number {
    return this.left;
  }

  /** Indexes of the records that are settled beyond the first unsettled one. */
  beyondFront(): number[] {
    const indexes: number[] = [];
    for (let index = this.contiguous; index < this.settledAt.length; index++) {
      if (this.settledAt[index] === 1) indexes.push(index);
    }
    return indexes;
  }
}
