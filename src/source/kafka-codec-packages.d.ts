declare module 'lz4js' {
  /** Decodes one LZ4 frame into a fresh array of at most `maxSize` bytes. */
  export function decompress(frame: Uint8Array, maxSize: number): Uint8Array;
}

declare module 'kafkajs-snappy' {
  interface SnappyCodec {
    compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
    decompress(bytes: Buffer): Promise<Buffer>;
  }
  export default function createSnappyCodec(): SnappyCodec;
}
