import { HELP_TOPICS, type HelpTopicId } from './help-topics.ts';

/** The topics of pages whose paths are named otherwise. */
const OTHER_SEGMENTS: Readonly<Record<string, HelpTopicId>> = {
  password: 'login',
  code: 'one-time-password',
  registration: 'one-time-password',
  'confirmation-id': 'one-time-password',
  'confirmation-password': 'one-time-password',
  'self-care': 'ip-phone-password',
};

/** Where the link ヘルプ of a page leads: to what the last part of its path that names a topic is about, else to the index. */
export function helpOfPath(path: string): string {
  const segments = path.split('/');
  if (segments[1] === 'help') return '/help';
  const topic = segments.map(topicOf).findLast((one) => one !== undefined);
  return topic === undefined ? '/help' : `/help/${topic}`;
}

function topicOf(segment: string): HelpTopicId | undefined {
  if (isHelpTopic(segment)) return segment;
  return Object.hasOwn(OTHER_SEGMENTS, segment) ? OTHER_SEGMENTS[segment] : undefined;
}

/** Whether a text is the name of a topic. */
export function isHelpTopic(text: string): text is HelpTopicId {
  return Object.hasOwn(HELP_TOPICS, text);
}
