/** Tracks which records of a batch are settled, by index, and how far they are settled without a gap. */
export class OffsetTracker {
  private readonly settledAt: Uint8Array;
  private contiguous = 0;
  private left: number;

  constructor(records: number) {
    this.settledAt = new Uint8Array(records);
    this.left = records;
  }

  /** Marks the record at `index` as settled. Returns false when it was before, or is no record. */
  settle(index: number): boolean {
    if (this.settledAt[index] !== 0) return false;
    this.settledAt[index] = 1;
    this.left -= 1;
    while (this.settledAt[this.contiguous] === 1) this.contiguous++;
    return true;
  }

  /** The index of the first unsettled record, which is the number of those settled without a gap. */
  get front(): number {
    return this.contiguous;
  }

  /** The number of unsettled records. */
  get unsettled(): number {
    return this.left;
  }

  /** The indexes of the records that are settled behind the first unsettled one. */
  beyondFront(): number[] {
    const indexes: number[] = [];
    for (let index = this.contiguous; index < this.settledAt.length; index++) {
      if (this.settledAt[index] === 1) indexes.push(index);
    }
    return indexes;
  }
}
