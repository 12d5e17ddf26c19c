import { compileTemplate } from './templates.ts';

const TEXT = 'Subject: {{name}}\n\n{{name}}\n{{#each lines}}\n{{this}}\n{{/each}}\n';
const HTML =
  '<title>{{subject}}</title><p class="{{name}}">{{{name}}}{{#each lines}}<br>{{this}}{{/each}}</p>';

describe('filling in a template', () => {
  it('escapes every value in HTML, whatever the template asks for, and none in text', () => {
    const evil = `<b>&"'{{name}}`;
    const mail = compileTemplate(TEXT, HTML)({ name: evil, lines: ['<i>', '&'] });
    const safe = '&lt;b&gt;&amp;&quot;&#39;{{name}}';
    expect(mail).toEqual({
      subject: evil,
      text: `${evil}\r\n<i>\r\n&\r\n`,
      html: `<title>${safe}</title><p class="${safe}">${safe}<br>&lt;i&gt;<br>&amp;</p>`,
    });
  });

  it('fails for a value that is not there, rather than leave a gap', () => {
    expect(() => compileTemplate(TEXT, HTML)({ lines: [] })).toThrow('"name" not defined');
  });

  it('needs a subject line first', () => {
    expect(() => compileTemplate('{{name}}', HTML)).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_INVALID' }),
    );
  });
});
