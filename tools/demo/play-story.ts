import type { FaxDocuments } from '#fax-documents';
import { createPublisher, type KafkaConnection } from '#kafka';
import { setTimeout as delay } from 'node:timers/promises';
import { readInbox } from './inbox.ts';
import { watchOutcomes, type Outcome } from '../watch-outcomes.ts';
import { createStage } from './stage.ts';
import { STORY, type Scene } from './story.ts';
import { printHead, printRow } from './table.ts';

/** How long the last mail may take; on an idle machine it takes about a second. */
const LIMIT_MS = 60_000;
const POLL_MS = 100;

/** Where the story plays, and where its FAXes' pages lie. */
interface StoryPlaces {
  readonly api: string;
  readonly inbox: string;
  readonly documents: FaxDocuments;
}

/** Plays the story: publishes each scene and prints its outcome. Resolves with what is missing or wrong. */
export async function playStory(
  connection: KafkaConnection,
  { api, inbox, documents }: StoryPlaces,
  signal: AbortSignal,
): Promise<string[]> {
  const outcomes = new Map<string, Outcome>();
  const watching = await watchOutcomes(connection, (item) => void outcomes.set(item.eventId, item));
  const publisher = createPublisher(connection);
  try {
    printHead();
    const missing: string[] = [];
    const stage = createStage(publisher, api, documents);
    for (const scene of STORY) {
      const id = await scene.act(stage);
      const outcome = await waitFor(() => outcomes.get(id), signal);
      printRow(scene, outcome);
      missing.push(...compare(scene, outcome));
    }
    return [...missing, ...(await missingMails(inbox, signal))];
  } finally {
    await publisher.close();
    await watching.close();
  }
}

/** How the outcome differs from what the scene expects. */
function compare({ title, reason, mails }: Scene, outcome: Outcome | undefined): string[] {
  if (!outcome) return [`${title}: no outcome within ${LIMIT_MS / 1000} s`];
  const accepted = outcome.recipients
    .filter(({ state }) => state === 'accepted')
    .map(({ address }) => address);
  const problems = [];
  if (outcome.reason !== reason) problems.push(`${title}: expected ${reason}, found ${outcome.reason}`);
  if (accepted.sort().join() !== [...mails].sort().join()) {
    problems.push(
      `${title}: expected mails to ${mails.join(', ') || 'nobody'}, found ${accepted.join(', ') || 'nobody'}`,
    );
  }
  return problems;
}

/** The story's mails that are not in the inbox, and those in the inbox that do not belong to it. */
async function missingMails(inbox: string, signal: AbortSignal): Promise<string[]> {
  const expected = STORY.flatMap(({ mails, subject }) => mails.map((to) => ({ to, subject })));
  const differences = async (): Promise<string[]> => {
    const left = [...(await readInbox(inbox))];
    const lacking = expected.filter(({ to, subject }) => {
      const index = left.findIndex((mail) => mail.to === to && mail.subject.includes(subject));
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    });
    return [
      ...lacking.map(({ to, subject }) => `not in the inbox: ${subject} to ${to}`),
      ...left.map(({ to, subject }) => `unexpected in the inbox: ${subject} to ${to}`),
    ];
  };
  await waitFor(async () => ((await differences()).length === 0 ? true : undefined), signal);
  return differences();
}

async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined || Date.now() > end) return found;
    await delay(POLL_MS);
  }
}
