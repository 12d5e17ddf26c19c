import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { ensureTemplates, readSamples, TEMPLATES_DIR } from '../build-templates.ts';
import { loadBrands } from '../brand/load-brands.ts';
import { MAIL_KINDS } from '../mail-kind.ts';
import { bodyText } from './template-segments.ts';
import { BRANDS_DIR } from '../package-root.ts';
import { compileTemplate, loadTemplates, type RenderedMail } from './templates.ts';
import { brandView, eventView, viewOf } from './view.ts';

const TEXT = 'Subject: {{name}}\n\n{{name}}\n{{#each lines}}\n{{this}}\n{{/each}}\n';
const HTML =
  '<title>{{subject}}</title><p class="{{name}}">{{{name}}}{{#each lines}}<br>{{this}}{{/each}}</p>';

function textOf({ subject, text, html }: RenderedMail): Record<string, string> {
  return { subject, text: bodyText(text), html: bodyText(html) };
}

describe('a compiled template', () => {
  it('escapes every value in HTML, whatever the template asks for, and none in text', () => {
    const evil = `<b>&"'{{name}}`;
    const mail = compileTemplate(TEXT, HTML)({ name: evil, lines: ['<i>', '&'] });
    const safe = '&lt;b&gt;&amp;&quot;&#39;{{name}}';
    expect(textOf(mail)).toEqual({
      subject: evil,
      text: `${evil}\r\n<i>\r\n&\r\n`,
      html: `<title>${safe}</title><p class="${safe}">${safe}<br>&lt;i&gt;<br>&amp;</p>`,
    });
  });

  it('fails for a missing value instead of leaving a gap', () => {
    expect(() => compileTemplate(TEXT, HTML)({ lines: [] })).toThrow('"name" not defined');
  });

  it('needs a subject line first', () => {
    expect(() => compileTemplate('{{name}}', HTML)).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_INVALID' }),
    );
  });
});

describe('views of one shape', () => {
  const word = fc.oneof(fc.constant(''), fc.constantFrom('0', 'false', '<b>', '電話', '{{a}}'), fc.string());
  const view = fc.record({ a: word, b: word, flag: fc.boolean(), list: fc.array(word, { maxLength: 3 }) });
  const source =
    '{{a}}{{#if a}}A{{b}}{{else}}-{{/if}}{{#unless flag}}{{b}}{{#if b}}B{{/if}}{{/unless}}{{#each list}}[{{this}}{{#if this}}+{{/if}}{{@index}}{{#if @last}}!{{/if}}]{{else}}none{{/each}}{{#if list}}L{{/if}}';

  it('are rendered as the template engine renders each of them', () => {
    const render = compileTemplate(`Subject: {{a}}s{{b}}\n\n${source}`, source);
    const whole = Handlebars.compile(source, { noEscape: true });
    fc.assert(
      fc.property(view, (values) => {
        const mail = render(values);
        expect(mail.subject).toBe(`${values.a}s${values.b}`);
        const { a, list, ...others } = values;
        expect(textOf(render(others, { a, list }))).toEqual(textOf(mail));
        expect(bodyText(mail.text)).toBe(whole(values));
        const safe = {
          ...values,
          a: Handlebars.escapeExpression(values.a),
          b: Handlebars.escapeExpression(values.b),
          list: values.list.map((item) => Handlebars.escapeExpression(item)),
        };
        expect(bodyText(mail.html).replaceAll('&#39;', '&#x27;')).toBe(
          whole(safe).replaceAll('&#x60;', '`').replaceAll('&#x3D;', '='),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('renders every kind of mail as the template engine does', async () => {
    const dir = await ensureTemplates();
    const brand = [...loadBrands(BRANDS_DIR).values()][0]!;
    const templates = loadTemplates(dir);
    for (const kind of MAIL_KINDS) {
      const [html, text] = ['html', 'txt'].map((end) => readFileSync(join(dir, `${kind}.${end}`), 'utf8'));
      for (const { content } of readSamples(TEMPLATES_DIR, kind, brand)) {
        const values = viewOf(content, brand);
        const mail = templates[kind](eventView(content, brand), brandView(brand, kind));
        const engine = Handlebars.compile<object>(text!.replace(/\r?\n/g, '\r\n'), { noEscape: true });
        expect(`Subject: ${mail.subject}\r\n\r\n${bodyText(mail.text)}`).toBe(engine(values));
        const page = Handlebars.compile<object>(html!)({ ...values, subject: mail.subject });
        expect(bodyText(mail.html)).toBe(page.replaceAll('&#x3D;', '='));
      }
    }
  });
});
