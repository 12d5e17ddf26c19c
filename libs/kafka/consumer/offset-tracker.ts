/** Tracks which records of a batch are acknowledged, by index, and how far they are acknowledged without a gap. */
export class OffsetTracker {
  private readonly acked: Uint8Array;
  private contiguous = 0;
  private left: number;

  constructor(records: number) {
    this.acked = new Uint8Array(records);
    this.left = records;
  }

  /** Marks the record at `index` as acknowledged. Returns false when it was before, or is no record. */
  ack(index: number): boolean {
    if (this.acked[index] !== 0) return false;
    this.acked[index] = 1;
    this.left -= 1;
    while (this.acked[this.contiguous] === 1) this.contiguous++;
    return true;
  }

  /** The index of the first unacknowledged record, which is the number of those acknowledged without a gap. */
  get front(): number {
    return this.contiguous;
  }

  /** The number of unacknowledged records. */
  get unacked(): number {
    return this.left;
  }

  /** The indexes of the records that are acknowledged behind the first unacknowledged one. */
  beyondFront(): number[] {
    const indexes: number[] = [];
    for (let index = this.contiguous; index < this.acked.length; index++) {
      if (this.acked[index] === 1) indexes.push(index);
    }
    return indexes;
  }
}
