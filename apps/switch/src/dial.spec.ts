import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommanderError } from 'commander';
import type { SwitchPort } from './switch-port.ts';
import { addDialCommand } from './dial-command.ts';
import { createProgram } from './program.ts';

/** A document of somebody else's media application: other names, other layout. */
function asks(type: string, termchar: string, say = 'どうぞ'): string {
  return `<?xml version="1.0"?><v:vxml xmlns:v="http://www.w3.org/2001/vxml" version="2.1">
    <v:var name="id" expr="'abc'"/><v:property name="termchar" value="${termchar}"/>
    <v:form><v:field name="digits" type="${type}"><v:prompt>${say}</v:prompt>
      <v:noinput><v:assign name="digits" expr="'-'"/><v:submit method="post" next="next?n=1" namelist="id digits"/></v:noinput>
      <v:nomatch><v:submit method="post" next="next?n=2" namelist="id digits"/></v:nomatch>
      <v:filled><v:submit method="post" next="next?n=3" namelist="id digits"/></v:filled>
    </v:field></v:form></v:vxml>`;
}
const ENDS = `<vxml xmlns="http://www.w3.org/2001/vxml" version="2.1"><form><block><prompt>&lt;完了&gt;</prompt><disconnect/></block></form></vxml>`;

interface Answer {
  readonly text: string;
  readonly status?: number;
  readonly type?: string;
}
let answers: Answer[] = [];
const asked: string[] = [];
let server: Server;
let url = '';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await request.toArray()).map(String).join('');
  asked.push([request.method, request.url, body].filter(Boolean).join(' '));
  asked.push(request.headers.authorization ?? 'nobody');
  const { text = '', status = 200, type = 'application/voicexml+xml' } = answers.shift() ?? {};
  response.writeHead(status, { 'content-type': type }).end(text);
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked.length = 0;
});

/** Runs `switch dial`; `typed` are the lines of the terminal. */
async function run(
  flags: readonly string[],
  typed: string[] = [],
): Promise<{ printed: string[]; error: unknown }> {
  const printed: string[] = [];
  const program = createProgram({} as SwitchPort);
  const { signal } = new AbortController();
  const readKeys = async (): Promise<string | undefined> => typed.shift();
  addDialCommand(program, { signal, print: (line) => void printed.push(line), readKeys }, () => 'by-default');
  for (const command of program.commands)
    command.configureOutput({ writeErr: (text) => void printed.push(text) });
  const error: unknown = await program.parseAsync(['dial', ...flags], { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { printed, error };
}

describe('switch dial', () => {
  it('says what the caller hears, presses the keys and ends with the last sentence', async () => {
    answers = [
      { text: asks('digits?length=1', '', 'はじめに') },
      { text: asks('digits?length=2', '') },
      { text: ENDS },
    ];
    const { printed, error } = await run([
      '--from',
      '+81 3',
      '--voice',
      url,
      '--token',
      't',
      '--keys',
      '1,22',
    ]);
    expect(error).toBeUndefined();
    expect(printed).toEqual(['はじめに', 'どうぞ', '<完了>']);
    expect(asked).toEqual([
      'GET /temporary-password?caller=%2B81+3',
      'Bearer t',
      'POST /next?n=3 id=abc&digits=1',
      'Bearer t',
      'POST /next?n=3 id=abc&digits=22',
      'Bearer t',
    ]);
  });

  it.each([
    ['', 'digits?length=2', '', 'POST /next?n=1 id=abc&digits=-'],
    ['1', 'digits?length=2', '', 'POST /next?n=2 id=abc&digits=undefined'],
    ['123', 'digits?length=2', '', 'POST /next?n=2 id=abc&digits=undefined'],
    ['12#', 'digits?length=2', '', 'POST /next?n=2 id=abc&digits=undefined'],
    ['12#', 'digits?minlength=2;maxlength=3', '#', 'POST /next?n=3 id=abc&digits=12'],
    ['1#', 'digits?minlength=2;maxlength=3', '#', 'POST /next?n=2 id=abc&digits=undefined'],
    ['1234', 'digits', '', 'POST /next?n=3 id=abc&digits=1234'],
  ])('submits %j at %s%s as a VoiceXML browser does', async (keys, type, termchar, submitted) => {
    answers = [{ text: asks(type, termchar) }, { text: ENDS }];
    await run(['--from', '03', '--voice', url, '--keys', keys]);
    expect(asked.slice(2)).toEqual([submitted, 'Bearer by-default']);
  });

  it('takes keys from the terminal behind those given, and hangs up when there are none', async () => {
    const question = { text: asks('digits?length=1', '') };
    answers = [question, question, { text: ENDS }];
    expect(await run(['--from', '', '--voice', url, '--keys', '1'], ['2'])).toEqual({
      printed: ['どうぞ', 'どうぞ', '<完了>'],
      error: undefined,
    });
    expect(asked[0]).toBe('GET /temporary-password?caller=');
    answers = [question];
    expect((await run(['--from', '', '--voice', url])).error).toEqual(
      new Error('hung up before the end of the dialogue'),
    );
  });

  it.each([
    [{ text: '{}', status: 401, type: 'application/problem+json' }, 'does not know the token'],
    [{ text: '{}', status: 404, type: 'text/plain' }, 'answered 404 with text/plain, expected VoiceXML'],
    [{ text: '<html/>', type: 'text/html' }, 'answered 200 with text/html, expected VoiceXML'],
    [{ text: 'hello' }, 'answered 200 with application/voicexml+xml, expected VoiceXML'],
    [{ text: '' }, 'expected VoiceXML'],
  ])('says what is wrong with the answer %j', async (wrong, message) => {
    answers = [wrong];
    const { error } = await run(['--from', '03', '--voice', url]);
    expect(String(error)).toContain(`${url}`);
    expect(String(error)).toContain(message);
  });

  it('says when nobody answers, and how to start the voice app', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    const { error } = await run(['--from', '03', '--voice', `http://127.0.0.1:${port}`]);
    expect(String(error)).toMatch(/nobody answers at http:.* \(.*ECONNREFUSED.*\): start npm run voice/);
  });

  it.each(['--voice here', '--voice ftp://x'])('refuses %s', async (flags) => {
    const { error, printed } = await run(['--from', '03', ...flags.split(' ')]);
    expect(error).toBeInstanceOf(CommanderError);
    expect(printed.join('')).toContain('Expected an address');
  });
});
