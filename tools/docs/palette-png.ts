import { crc32, deflateSync } from 'node:zlib';

/** A picture as the browser's canvas has it: four bytes a pixel, the last one ignored. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_COLOURS = 256;
const BITS_PER_INDEX = 8;
const COLOUR_TYPE_PALETTE = 3;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Gives each colour a number, colours that differ only in their last `dropped` bits the same one. */
function indexColours({ pixels }: Picture, dropped: number): { palette: number[]; indexes: Uint8Array } {
  const numbers = new Map<number, number>();
  const palette: number[] = [];
  const indexes = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    const key = ((red >> dropped) << 16) | ((green >> dropped) << 8) | (blue >> dropped);
    const number = numbers.get(key) ?? numbers.size;
    if (number === numbers.size) {
      numbers.set(key, number);
      palette.push(red, green, blue);
    }
    indexes[at / 4] = number;
  }
  return { palette, indexes };
}

/** Writes a picture as a PNG of at most 256 colours, a tenth of what a browser writes: exact if it has no more. */
export function palettePng(picture: Picture): Buffer {
  const { width, height } = picture;
  let dropped = 0;
  let colours = indexColours(picture, dropped);
  while (colours.palette.length > PALETTE_COLOURS * 3) colours = indexColours(picture, (dropped += 1));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS_PER_INDEX, COLOUR_TYPE_PALETTE], 8);
  // Each line begins with its filter, 0 for none, which suits palettes best.
  const lines = Buffer.alloc((width + 1) * height);
  for (let line = 0; line < height; line += 1)
    lines.set(colours.indexes.subarray(line * width, (line + 1) * width), line * (width + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(colours.palette)),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
