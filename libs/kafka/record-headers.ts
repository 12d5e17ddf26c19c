/** Headers of a record; a header that comes more than once is an array, one without a value null. */
export type RecordHeaders = Readonly<
  Record<string, Buffer | string | null | (Buffer | string | null)[] | undefined>
>;
