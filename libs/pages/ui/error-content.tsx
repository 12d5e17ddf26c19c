import type { ComponentChildren } from 'preact';
import type { PageError } from '../http/page-error.ts';
import type { PageContent } from './page-content.ts';

/** The heading of an error's page, and its sentences: the first says what is wrong, the others what to do. */
export type ErrorWords = readonly [string, ...string[]];

/** The page of an error: its words, and below them the ways on. */
export function errorContent(
  { status, headers }: PageError,
  [heading, ...sentences]: ErrorWords,
  ways: ComponentChildren,
): PageContent {
  return {
    heading,
    status,
    headers,
    body: (
      <>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {ways}
      </>
    ),
  };
}
