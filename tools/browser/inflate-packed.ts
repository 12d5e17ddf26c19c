/** Run with TMPDIR set to the folder to fill: unpacks the files named as arguments, which come with `@sparticuz/chromium`. */
import { inflate } from '@sparticuz/chromium';

await Promise.all(process.argv.slice(2).map((file) => inflate(file)));
