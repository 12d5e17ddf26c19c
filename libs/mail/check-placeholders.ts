import Handlebars from 'handlebars';

const HELPERS = new Set(['if', 'unless', 'each']);

/** The values that a Handlebars template asks for: every path that is neither a helper nor about an item of `each`. */
class Placeholders extends Handlebars.Visitor {
  readonly names = new Set<string>();

  override PathExpression(path: hbs.AST.PathExpression): void {
    if (!path.data && path.original !== 'this' && !HELPERS.has(path.original)) this.names.add(path.original);
  }
}

/** The names that `source` uses and `known` does not hold, in the order in which they appear. */
export function unknownPlaceholders(source: string, known: ReadonlySet<string>): readonly string[] {
  const placeholders = new Placeholders();
  placeholders.accept(Handlebars.parse(source));
  return [...placeholders.names].filter((name) => !known.has(name));
}
