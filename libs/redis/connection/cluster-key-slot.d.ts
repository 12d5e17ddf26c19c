declare module 'cluster-key-slot' {
  /** The slot of a key in a Redis Cluster: CRC16 of its hash tag, or of all of it. */
  export default function slotOf(key: string): number;
}
