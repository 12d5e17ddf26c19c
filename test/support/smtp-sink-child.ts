import { createServer, type AddressInfo, type Socket } from 'node:net';

// A mail server that accepts and discards everything, as fast as Node.js allows.
const EHLO = '250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n';
const END = Buffer.from('\r\n.\r\n');

function serve(socket: Socket): void {
  let inMessage = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let replies = '';
    for (;;) {
      const mark = inMessage ? END : END.subarray(0, 2);
      const end = rest.indexOf(mark);
      if (end < 0) break;
      const line = inMessage ? '' : rest.toString('latin1', 0, Math.min(end, 4)).toUpperCase();
      rest = rest.subarray(end + mark.length);
      if (line === 'EHLO') replies += EHLO;
      else replies += line === 'DATA' ? '354 Go on\r\n' : '250 2.0.0 Ok\r\n';
      inMessage = line === 'DATA';
      if (line === 'QUIT') socket.end();
    }
    if (replies !== '' && socket.writable) socket.write(replies);
  });
}

const server = createServer(serve);
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit());
