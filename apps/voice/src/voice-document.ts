import type { Question, Sentence } from '#access';
import type { DialogueSentences } from '#mail';

/** What a document says: a sentence of the brand, with the number that is spoken in it. */
export interface SpokenSentence {
  readonly name: keyof DialogueSentences;
  readonly number?: Sentence['number'];
}

/** What a document asks, and for which call. Without one the call ends. */
export interface Asking {
  readonly question: Question;
  readonly call: string;
  /** The number of this document, from 1. */
  readonly step: number;
}

/** What keys a question takes: a builtin grammar of VoiceXML, and the key that ends them where the guidance names one. */
const KEYS: Readonly<Record<Question, { readonly type: string; readonly termchar: '' | '#' }>> = {
  unit: { type: 'digits?length=1', termchar: '' },
  number: { type: 'digits?minlength=10;maxlength=11', termchar: '#' },
  password: { type: 'digits?length=8', termchar: '' },
  passwordAgain: { type: 'digits?length=8', termchar: '' },
};

/** How long a caller may think before the first key, and between two keys. */
const TIMEOUT = '10s';
const BETWEEN_KEYS = '5s';

/** Where every answer is sent. */
export const DIALOGUE_PATH = '/temporary-password';

/** Writes one VoiceXML 2.1 document: a prompt, then one DTMF field or the end of the call. Pure. */
export function voiceDocument(
  say: readonly SpokenSentence[],
  sentences: DialogueSentences,
  asking?: Asking,
): string {
  const prompt = `<prompt>${say.map((one) => spoken(one, sentences)).join('')}</prompt>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<vxml version="2.1" xmlns="http://www.w3.org/2001/vxml" xml:lang="ja-JP">',
    ...(asking ? question(prompt, asking) : ['<form>', `<block>${prompt}<disconnect/></block>`, '</form>']),
    '</vxml>',
    '',
  ].join('\n');
}

function question(prompt: string, { question: asked, call, step }: Asking): string[] {
  const { type, termchar } = KEYS[asked];
  const submit = `<submit next="${DIALOGUE_PATH}" method="post" namelist="call step keys"/>`;
  // Without a value of its own, a field that nobody filled would be submitted as "undefined".
  const submitNothing = `<assign name="keys" expr="''"/>${submit}`;
  return [
    '<property name="inputmodes" value="dtmf"/>',
    `<property name="timeout" value="${TIMEOUT}"/>`,
    `<property name="interdigittimeout" value="${BETWEEN_KEYS}"/>`,
    `<property name="termchar" value="${termchar}"/>`,
    '<form>',
    `<var name="call" expr="'${escapeXml(call)}'"/>`,
    `<var name="step" expr="'${step}'"/>`,
    `<field name="keys" type="${type}">`,
    prompt,
    `<noinput>${submitNothing}</noinput>`,
    `<nomatch>${submitNothing}</nomatch>`,
    `<filled>${submit}</filled>`,
    '</field>',
    '</form>',
  ];
}

/** A sentence as XML. The number is read out digit by digit. */
function spoken({ name, number }: SpokenSentence, sentences: DialogueSentences): string {
  const digits = `<say-as interpret-as="telephone">${escapeXml(number ?? '')}</say-as>`;
  return escapeXml(sentences[name]).replace('{number}', digits);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
