/**
 * What is wrong with what was typed: a Japanese sentence for each field, by its name, in the order of the page. The
 * name `''` is for what no field is to blame for, such as too many tries.
 */
export type FieldErrors = Readonly<Record<string, string>>;
