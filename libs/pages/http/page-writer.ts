import type { ServerResponse } from 'node:http';
import type { PageContent } from '../ui/page-content.ts';

/** The answer of a form that was taken: the browser goes to this path, and reloading sends nothing again. */
export interface SeeOther {
  readonly seeOther: string;
  /** As `Set-Cookie` says them. */
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer for the pages' script. */
export interface Json {
  readonly json: unknown;
}

/** A CSV to be saved under a plain name. */
export interface CsvFile {
  readonly csv: string;
  readonly name: string;
}

/** What a controller answers. */
export type Answer = PageContent | SeeOther | Json | CsvFile;

/** Writes the status and the headers of an answer, and returns its body. */
export type PageWriter<Request> = (request: Request, response: ServerResponse, answer: Answer) => string;

/** The writer that every answer of an app goes through, errors too. `render` makes a whole document of a page. */
export function pageWriter<Request>(
  render: (request: Request, content: PageContent) => string,
): PageWriter<Request> {
  return (request, response, answer) => {
    if ('json' in answer) {
      response.statusCode = 200;
      response.setHeader('content-type', 'application/json');
      return JSON.stringify(answer.json);
    }
    if ('csv' in answer) {
      response.statusCode = 200;
      response.setHeader('content-type', 'text/csv; charset=utf-8');
      response.setHeader('content-disposition', `attachment; filename="${answer.name}"`);
      return answer.csv;
    }
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    if ('seeOther' in answer) {
      response.statusCode = 303;
      if (answer.cookies) response.setHeader('set-cookie', answer.cookies);
      response.setHeader('location', answer.seeOther);
      return '';
    }
    response.statusCode = answer.status ?? (answer.errors === undefined ? 200 : 422);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return render(request, answer);
  };
}
