import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startSmtpFaultServer } from '../support/smtp-fault-server.ts';
import { aCall, beginStory, subscribe } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;

describe('a notifier that stops', () => {
  it(
    'waits for the reply to a message that it has sent, so that no copy of it is sent later',
    async () => {
      const mailServer = await startSmtpFaultServer({ rules: [{ at: 'dot', do: { afterMs: 3_000 } }] });
      closeLater(() => mailServer.stop());
      const story = await beginStory({ SMTP_URL: `smtp://127.0.0.1:${mailServer.port}` });
      const number = '0312349901';
      await subscribe(story, number, { to: [`${uniqueName('taro')}@example.jp`] });
      const id = await story.happens('call.v1', number, aCall(number));
      await eventually(() => mailServer.lines.some(({ line }) => line === 'DATA'), LIMIT);
      await story.notifiers[0]?.close();
      mailServer.setRules();
      await story.startNotifier();
      const { recipients } = await story.outcomeOf(id);
      expect(recipients).toMatchObject([{ state: 'accepted', attempts: 1 }]);
      expect(mailServer.taken).toHaveLength(1);
    },
    LIMIT,
  );
});
