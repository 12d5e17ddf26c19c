import { createServer, type AddressInfo } from 'node:net';

/** Answers every request of an OTLP exporter with 200 and looks at nothing: it must cost the machine little. */
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const HEAD_END = Buffer.from('\r\n\r\n');

const server = createServer((socket) => {
  /** How many bytes of the present request's body are still to come. */
  let left = 0;
  let head: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        head = Buffer.concat([head, rest]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        left = Number(/content-length: *(\d+)/i.exec(head.toString('latin1', 0, end))?.[1] ?? 0);
        rest = head.subarray(end + HEAD_END.length);
        head = Buffer.alloc(0);
      }
      const taken = Math.min(left, rest.length);
      left -= taken;
      rest = rest.subarray(taken);
      if (left === 0) socket.write(ANSWER);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
