export * from './event.ts';
export * from './topics.ts';
