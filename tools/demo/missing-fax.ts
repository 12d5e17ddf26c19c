import type { Visitor } from './visitor.ts';

/** Opens the story's FAX as its receiver, who is logged in; resolves with what was not there. */
export async function missingFax(visitor: Visitor): Promise<string[]> {
  await visitor.open('/menu');
  await visitor.follow('FAXお知らせメール');
  const { text } = await visitor.follow('受信FAX内容確認');
  if (!text.includes('045-333-5555')) return [`a FAX in the list of received ones: found ${text}`];
  const opened = await visitor.follow('開く');
  return opened.text.includes('Simulated FAX') ? [] : [`the page of a FAX: found ${opened.text}`];
}
