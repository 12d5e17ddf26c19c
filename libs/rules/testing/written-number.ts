/** A number as a person may write it: with hyphens, full-width digits or a country code, by a random seed. */
export function writtenNumber(number: string, seed: number): string {
  const hyphened = [
    number,
    `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`,
    ` ${number.slice(0, 2)}ー${number.slice(2)}`,
    `+81 ${number.slice(1)}`,
  ][seed % 4] as string;
  if (seed % 3 > 0) return hyphened;
  return hyphened.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}
