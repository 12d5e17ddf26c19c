import { readFileSync } from 'node:fs';
import { DtdValidator, XmlDocument, XmlDtd, XmlLibError } from 'libxml2-wasm';

/** W3C's DTD of VoiceXML 2.1 (REC-voicexml21-20070619), unchanged; its notice stands in it. */
const dtd = XmlDtd.fromBuffer(readFileSync(new URL('voicexml/vxml.dtd', import.meta.url)));
const validator = new DtdValidator(dtd);

/** What W3C's DTD of VoiceXML 2.1 finds wrong with a document, a line each; empty when it is valid. */
export function voiceXmlProblems(text: string): string {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromString(text);
    validator.validate(document);
    return '';
  } catch (error) {
    if (error instanceof XmlLibError) return error.message;
    throw error;
  } finally {
    document?.dispose();
  }
}
