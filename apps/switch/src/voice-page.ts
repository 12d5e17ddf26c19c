import { XmlDocument, XmlLibError, type XmlNode } from 'libxml2-wasm';

/** What a VoiceXML browser does after keys were pressed, or were not: variables get values, then it submits. */
interface KeysHandler {
  readonly assigned: Readonly<Record<string, string>>;
  readonly next: string;
  readonly namelist: readonly string[];
}

/** A field that asks for keys. */
export interface KeysField {
  readonly name: string;
  /** A builtin grammar, like `digits?length=8`. */
  readonly type: string;
  /** The key that ends the input; empty: none. */
  readonly termchar: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly handlers: Readonly<Record<'filled' | 'noinput' | 'nomatch', KeysHandler>>;
}

/** A VoiceXML document: what it says, then one field, or the end of the call. */
export interface VoicePage {
  readonly say: string;
  readonly field?: KeysField;
}

const VOICE_XML = { v: 'http://www.w3.org/2001/vxml' };

/** Reads a VoiceXML document of the plain profile that the dialogue keeps to; undefined when it is none. */
export function readVoicePage(text: string): VoicePage | undefined {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromString(text);
    const vxml = document.get('/v:vxml', VOICE_XML);
    return vxml === null ? undefined : pageOf(vxml);
  } catch (error) {
    if (error instanceof XmlLibError) return undefined;
    throw error;
  } finally {
    document?.dispose();
  }
}

function pageOf(vxml: XmlNode): VoicePage {
  const say = vxml.find('.//v:prompt', VOICE_XML).map(({ content }) => content.trim());
  const field = vxml.get('.//v:field', VOICE_XML);
  return field === null ? { say: say.join('') } : { say: say.join(''), field: fieldOf(vxml, field) };
}

function fieldOf(vxml: XmlNode, field: XmlNode): KeysField {
  return {
    name: valueAt(field, '@name'),
    type: valueAt(field, '@type'),
    termchar: valueAt(vxml, './/v:property[@name="termchar"]/@value'),
    variables: literalsOf(vxml.find('.//v:var', VOICE_XML)),
    handlers: {
      filled: handlerOf(field, 'v:filled'),
      noinput: handlerOf(field, 'v:noinput'),
      nomatch: handlerOf(field, 'v:nomatch'),
    },
  };
}

function handlerOf(field: XmlNode, path: string): KeysHandler {
  return {
    assigned: literalsOf(field.find(`${path}/v:assign`, VOICE_XML)),
    next: valueAt(field, `${path}/v:submit/@next`),
    namelist: valueAt(field, `${path}/v:submit/@namelist`).split(' '),
  };
}

/** The values of elements with `name` and `expr`, which is a quoted text: nothing else is understood. */
function literalsOf(elements: readonly XmlNode[]): Record<string, string> {
  return Object.fromEntries(
    elements.map((one) => [valueAt(one, '@name'), valueAt(one, '@expr').replace(/^'(.*)'$/, '$1')]),
  );
}

function valueAt(node: XmlNode, path: string): string {
  return node.get(path, VOICE_XML)?.content ?? '';
}
