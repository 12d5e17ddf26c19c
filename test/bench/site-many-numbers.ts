import { cpuOf, cpuSecondsOf } from './ask-site.ts';
import { runLoad } from './load.ts';
import type { MeasuredApp } from './measured-app.ts';
import type { Scene } from './scenario.ts';
import { MANY, MANY_LINE, seedManyNumbers } from './seed-many-numbers.ts';
import { cookiesOf, pageRequest, PROXY } from './site-subscribers.ts';
import { median, percentile, rounded } from './statistics.ts';

const CSV = '/services/call-notice/csv';

/** A page of the line: its name in the figures, what it is, where, and how often a second its latency is measured. */
interface MeasuredPage {
  readonly name: string;
  readonly what: string;
  readonly path: string;
  readonly perSecond: number;
}

const PAGES: readonly MeasuredPage[] = [
  { name: 'manyMenu', what: 'the menu', path: '/menu', perSecond: 300 },
  { name: 'choice', what: 'the choice among them', path: '/services/call-notice', perSecond: 100 },
  { name: 'search', what: 'the search for one', path: '/services/call-notice?number=*0777', perSecond: 300 },
  { name: 'notice', what: 'a call notice', path: `/numbers/${MANY_LINE}/call-notice`, perSecond: 300 },
  { name: 'history', what: 'the history', path: `/numbers/${MANY_LINE}/history`, perSecond: 100 },
  { name: 'destinations', what: 'destinations', path: '/line/bulk-transfer/destinations/2', perSecond: 300 },
];

/** Measures the site for a line of 1,000 numbers: CPU and latency of its pages, and a CSV that changes all of them (C14). */
export async function manyNumbers(scene: Scene, app: MeasuredApp): Promise<Record<string, number>> {
  const { servers, size, say } = scene;
  say(`Writing a line of ${MANY} numbers`);
  await seedManyNumbers(servers);
  const cookie = await cookiesOf(app.url, MANY_LINE);
  const pages: readonly PageRuns[] = PAGES.map((page) => ({ page, cpu: [], p99: [] }));
  const csv: CsvRun[] = [];
  for (const { path } of PAGES) await cpuOf(app, [pageRequest(path, cookie)], 200);
  for (let round = 1; round <= size.rounds; round += 1) {
    say(`Site of ${MANY} numbers, round ${round} of ${size.rounds}`);
    for (const { page, cpu, p99 } of pages) {
      cpu.push(await cpuOf(app, [pageRequest(page.path, cookie)], 200));
      p99.push(await p99Of(app, page, cookie, size.latencySeconds));
    }
    csv.push(await runCsv(app, cookie, round));
  }
  return { ...reportPages(scene, pages), ...reportCsv(scene, csv) };
}

/** What the rounds measured of a page: CPU in ms for each request, and the p99 of its latency in ms. */
interface PageRuns {
  readonly page: MeasuredPage;
  readonly cpu: number[];
  readonly p99: number[];
}

/** The p99 of a page, in ms; an answer that is not the page counts as endless. */
async function p99Of(
  { url }: MeasuredApp,
  { path, perSecond }: MeasuredPage,
  cookie: string,
  seconds: number,
): Promise<number> {
  const count = perSecond * seconds;
  const requests = [pageRequest(path, cookie)];
  const { times, statuses } = await runLoad({
    url,
    from: PROXY,
    requests,
    count,
    connections: 64,
    perSecond,
  });
  const refused = count - (statuses[200] ?? 0);
  return percentile([...times, ...Array.from({ length: refused }, () => Infinity)], 0.99);
}

function reportPages({ report, size }: Scene, pages: readonly PageRuns[]): Record<string, number> {
  const figures = pages.flatMap(({ page: { name, what, perSecond }, cpu, p99 }) => {
    report.add(`${MANY} numbers: CPU of ${what}`, cpu, 'ms', 3);
    report.add(`… at ${perSecond} a second, ${size.latencySeconds} s, p99`, p99, 'ms', 1);
    return [
      [`${name}CpuMs`, rounded(median(cpu), 2)],
      [`${name}P99Ms`, rounded(median(p99), 1)],
    ] as const;
  });
  return Object.fromEntries(figures);
}

/** How long a CSV of all numbers took, in seconds. */
interface CsvRun {
  readonly previewSeconds: number;
  readonly previewCpuSeconds: number;
  readonly setSeconds: number;
  readonly setCpuSeconds: number;
}

/** Downloads the call notices, and uploads, previews and sets them with other addresses in every row. */
async function runCsv(app: MeasuredApp, cookie: string, round: number): Promise<CsvRun> {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const table = await (await fetch(`${app.url}${CSV}/file`, { headers })).text();
  const form = new FormData();
  form.set('file', new Blob([table.replaceAll(/@[^"]+/g, `@round${round}.example.jp`)]), 'all.csv');
  let page = '';
  const preview = await timed(app, async () => {
    const answer = await fetch(app.url + CSV, { method: 'POST', headers, body: form });
    page = await answer.text();
  });
  const upload = /name="upload" value="([^"]+)"/.exec(page)?.[1];
  if (upload === undefined || !page.includes(`${MANY}件`)) throw new Error('the CSV has no such preview');
  const set = await timed(app, async () => {
    const body = new URLSearchParams({ upload });
    const answer = await fetch(`${app.url}${CSV}/set`, { method: 'POST', redirect: 'manual', headers, body });
    if (answer.status !== 303) throw new Error(`setting a CSV ended with ${answer.status}`);
  });
  return {
    previewSeconds: preview.seconds,
    previewCpuSeconds: preview.cpu,
    setSeconds: set.seconds,
    setCpuSeconds: set.cpu,
  };
}

async function timed(
  app: MeasuredApp,
  work: () => Promise<void>,
): Promise<{ readonly seconds: number; readonly cpu: number }> {
  let seconds = 0;
  const cpu = await cpuSecondsOf(app, async () => {
    const begun = performance.now();
    await work();
    seconds = (performance.now() - begun) / 1000;
  });
  return { seconds, cpu };
}

function reportCsv({ report }: Scene, runs: readonly CsvRun[]): Record<string, number> {
  const rows = [
    ['csvPreviewSeconds', 'upload and preview', ({ previewSeconds }: CsvRun) => previewSeconds],
    ['csvPreviewCpuSeconds', 'upload and preview, CPU', ({ previewCpuSeconds }: CsvRun) => previewCpuSeconds],
    ['csvSetSeconds', 'set', ({ setSeconds }: CsvRun) => setSeconds],
    ['csvSetCpuSeconds', 'set, CPU', ({ setCpuSeconds }: CsvRun) => setCpuSeconds],
  ] as const;
  return Object.fromEntries(
    rows.map(([name, what, valueOf]) => {
      const values = runs.map(valueOf);
      report.add(`CSV of ${MANY} full call notices: ${what}`, values, 's', 2);
      return [name, rounded(median(values), 2)];
    }),
  );
}
