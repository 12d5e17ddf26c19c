export * from './settings.ts';
export * from './decision.ts';
