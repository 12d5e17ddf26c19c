import PostalMime from 'postal-mime';
import { mimeMessage } from './mime.ts';

describe('a MIME message', () => {
  it('holds texts of any length and script, each whole', async () => {
    for (const length of [0, 1, 56, 57, 58, 70_000]) {
      const text = '電話𠮷'.repeat(length).slice(0, length).toWellFormed();
      const html = `<p>${text}</p>`;
      const message = mimeMessage({ headers: ['Subject: x'], text: [text], html: [html], boundary: 'abc' });
      const parsed = await PostalMime.parse(message);
      expect(parsed.html).toBe(html);
      expect((parsed.text ?? '').trimEnd()).toBe(text);
      expect(
        message
          .toString('latin1')
          .split('\r\n')
          .every((line) => line.length <= 76),
      ).toBe(true);
    }
  });
});
