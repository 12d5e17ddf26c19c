import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeLater } from './close-later.ts';

/** A span as it came by OTLP. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  /** 1 internal, 2 server, 3 client, 5 consumer. */
  readonly kind: number;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An OpenTelemetry collector as far as traces need one: OTLP over HTTP, protobuf. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The `authorization` headers seen. */
  readonly logins: readonly (string | undefined)[];
  /** Answers everything with this status from now on. */
  answer(status: number): void;
}

/** Starts a receiver; closed after the file. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const logins: (string | undefined)[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      logins.push(request.headers.authorization);
      if (status === 200 && request.url === '/v1/traces') spans.push(...spansIn(Buffer.concat(chunks)));
      response.writeHead(request.url === '/v1/traces' ? status : 404, {
        'content-type': 'application/x-protobuf',
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeLater(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, logins, answer: (next) => void (status = next) };
}

type Field = Buffer | bigint;

/** The fields of a protobuf message by number: bytes for strings and messages, integers for the rest. */
function fieldsOf(bytes: Buffer): ReadonlyMap<number, readonly Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    let value: Field;
    if ((tag & 7) === 0) value = varint();
    else {
      const length = (tag & 7) === 1 ? 8 : (tag & 7) === 5 ? 4 : Number(varint());
      value = bytes.subarray(at, (at += length));
    }
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const messages = (fields: ReadonlyMap<number, readonly Field[]>, number: number): readonly Buffer[] =>
  (fields.get(number) ?? []).filter((field) => Buffer.isBuffer(field));
const text = (fields: ReadonlyMap<number, readonly Field[]>, number: number): string =>
  String(fields.get(number)?.[0] ?? '');
const hex = (fields: ReadonlyMap<number, readonly Field[]>, number: number): string =>
  messages(fields, number)[0]?.toString('hex') ?? '';

function attributesOf(pairs: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map(fieldsOf).map((pair) => {
      const value = fieldsOf(messages(pair, 2)[0] ?? Buffer.of());
      const number = value.get(3)?.[0] ?? value.get(2)?.[0];
      return [text(pair, 1), number === undefined ? text(value, 1) : Number(number)];
    }),
  );
}

function spansIn(request: Buffer): ReceivedSpan[] {
  return messages(fieldsOf(request), 1)
    .map(fieldsOf)
    .flatMap((ofResource) => {
      const resource = fieldsOf(messages(ofResource, 1)[0] ?? Buffer.of());
      const service = String(attributesOf(messages(resource, 1))['service.name']);
      return messages(ofResource, 2)
        .flatMap((ofScope) => messages(fieldsOf(ofScope), 2))
        .map(fieldsOf)
        .map((span) => ({
          service,
          name: text(span, 5),
          traceId: hex(span, 1),
          spanId: hex(span, 2),
          parentSpanId: hex(span, 4),
          traceState: text(span, 3),
          kind: Number(span.get(6)?.[0] ?? 0),
          isError: fieldsOf(messages(span, 15)[0] ?? Buffer.of()).get(3)?.[0] === 2n,
          attributes: attributesOf(messages(span, 9)),
        }));
    });
}
