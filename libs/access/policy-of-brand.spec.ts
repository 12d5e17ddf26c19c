import { policyOfBrand } from './policy-of-brand.ts';

const SOURCES = { minLength: 8, maxLength: 12, notOnly: ['digits'], days: 60 };

describe('what a brand asks of passwords (A5)', () => {
  it("A5 is the sources' where the brand sets nothing, or is not known", () => {
    expect([policyOfBrand({}), policyOfBrand(undefined)]).toEqual([SOURCES, SOURCES]);
  });

  it("A5 is the brand's own where it sets something", () => {
    const own = { minLength: 10, maxLength: 64, notOnly: [], days: 0 };
    expect(policyOfBrand(own)).toEqual(own);
    expect(policyOfBrand({ days: 90 })).toEqual({ ...SOURCES, days: 90 });
  });

  it('A5 leaves room for the one length that a brand sets', () => {
    expect(policyOfBrand({ minLength: 15 })).toMatchObject({ minLength: 15, maxLength: 15 });
    expect(policyOfBrand({ minLength: 10 })).toMatchObject({ minLength: 10, maxLength: 12 });
  });
});
