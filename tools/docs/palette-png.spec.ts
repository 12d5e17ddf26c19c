import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { palettePng, type Picture } from './palette-png.ts';

/** The chunks of a PNG by type. */
function chunksOf(png: Buffer): Record<string, Buffer> {
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    chunks[png.toString('latin1', at + 4, at + 8)] = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
  return chunks;
}

/** Reads back what `palettePng` wrote: red, green and blue of every pixel. */
function coloursOf(png: Buffer): number[][] {
  const { IHDR, PLTE, IDAT } = chunksOf(png);
  const width = IHDR!.readUInt32BE(0);
  return [...inflateSync(IDAT!)]
    .filter((_, index) => index % (width + 1) > 0)
    .map((number) => [...PLTE!.subarray(number * 3, number * 3 + 3)]);
}

const pictures: fc.Arbitrary<Picture> = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
      .map((pixels) => ({ width, height, pixels })),
  );

const pixelsOf = ({ width, height, pixels }: Picture): number[][] =>
  Array.from({ length: width * height }, (_, index) => [...pixels.subarray(index * 4, index * 4 + 3)]);

describe('palettePng', () => {
  it('keeps every colour of a picture with at most 256', () => {
    const exact = pictures.map(({ pixels, ...size }) => ({
      ...size,
      pixels: pixels.map((byte) => byte & 0xc0),
    }));
    fc.assert(
      fc.property(exact, (picture) => {
        expect(coloursOf(palettePng(picture))).toEqual(pixelsOf(picture));
      }),
    );
  });

  it('comes near every colour of a picture with more', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const written = coloursOf(palettePng(picture));
        const far = pixelsOf(picture).filter((colour, index) =>
          colour.some((part, place) => Math.abs(part - written[index]![place]!) >= 64),
        );
        expect(far).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
