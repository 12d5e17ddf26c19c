import { isContracted, LINE_SERVICES, NUMBER_SERVICES, SERVICES } from './services.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';

describe('A13 what is contracted', () => {
  it('is everything for a number that the line does not name; the services of the line are its number’s alone', () => {
    for (const services of [undefined, {}, { [LINE]: [] }]) {
      const line = { lineNumber: LINE, ...(services && { services }) };
      for (const service of NUMBER_SERVICES) expect(isContracted(line, NUMBER, service)).toBe(true);
      for (const service of LINE_SERVICES) expect(isContracted(line, NUMBER, service)).toBe(false);
    }
    for (const service of SERVICES) expect(isContracted({ lineNumber: LINE }, LINE, service)).toBe(true);
  });

  it('is what the line says for a number that it names', () => {
    const line = {
      lineNumber: LINE,
      services: { [LINE]: ['fault-notice'], [NUMBER]: ['ip-phone'] },
    } as const;
    const contracted = (number: string): readonly string[] =>
      SERVICES.filter((service) => isContracted(line, number, service));
    expect(contracted(LINE)).toEqual(['fault-notice']);
    expect(contracted(NUMBER)).toEqual(['ip-phone']);
  });
});
