/** Headers of a record; a header that comes more than once is an array, one without a value null. */
export type RecordHeaders = Readonly<
  Record<string, Buffer | string | null | (Buffer | string | null)[] | undefined>
>;

/** Says of a dead letter that it is not whole: the size that it had, in bytes. */
export const CUT_HEADER = 'dlq-cut';
