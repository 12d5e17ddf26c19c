declare module 'kafkajs-snappy' {
  interface Codec {
    compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
    decompress(packed: Buffer): Promise<Buffer>;
  }
  const codec: () => Codec;
  export default codec;
}
