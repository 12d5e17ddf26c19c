import type { EventData } from '#events';
import { asForwarded } from '../../apps/switch/src/as-forwarded.ts';
import { createKafkaPort } from '../../apps/switch/src/kafka-port.ts';
import { createKnownSettings } from '../../apps/switch/src/known-settings.ts';
import { createProgram } from '../../apps/switch/src/program.ts';
import type { Told } from '../../apps/switch/src/told.ts';
import { followTold } from '../../tools/demo/follow-told.ts';
import { asProgram } from './as-program.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { testEnvironment } from './run-log.ts';
import { aCall, type Story } from './story.ts';
import { uniqueName } from './unique-name.ts';

/** A call's event id, and how it ended. */
type Rung = Pick<EventData<'call.v1'>, 'outcome'> & { readonly id: string };
type ToldOf<K extends Told['kind']> = Extract<Told, { kind: K }>;

/** The simulated switch's own code on the topics of a story. */
export interface SimulatedSwitch {
  /** Lets somebody ring a number; the call ends as what the switch was told wants it. */
  ring(number: string, facts?: Partial<EventData<'call.v1'>>): Promise<Rung>;
  /** Runs a command that publishes one event, as `npm run switch` does; resolves with the event's id. */
  run(...command: readonly string[]): Promise<string>;
  /** Waits until it is told something of that kind that is looked for. */
  hear<K extends Told['kind']>(kind: K, isIt: (told: ToldOf<K>) => boolean): Promise<ToldOf<K>>;
}

/** Starts the switch; it is closed after the file. */
export async function startSwitch(story: Story): Promise<SimulatedSwitch> {
  const { connection, environment } = story;
  const stop = new AbortController();
  const variables = await asProgram('switch', environment);
  const kafka = createKafkaPort(() => testEnvironment(['KAFKA_BROKERS'], variables), stop.signal);
  closeLater(() => kafka.close());
  const program = createProgram({ ...kafka, print: () => undefined });
  const heard: Told[] = [];
  const known = createKnownSettings();
  const following = await followTold(connection, (told) => {
    heard.push(told);
    known.learn(told);
  });
  closeLater(() => following.close());
  return {
    ring: async (number, facts) => {
      const drawn = aCall(number, facts);
      const call = asForwarded(drawn, known.forwardingOf(drawn));
      return { id: await story.happens('call.v1', call.lineNumber, call), outcome: call.outcome };
    },
    run: async (...command) => {
      const id = uniqueName('event');
      await program.parseAsync([...command, '--id', id], { from: 'user' });
      return id;
    },
    hear: (kind, isIt) =>
      eventually(() =>
        heard.filter((told): told is ToldOf<typeof kind> => told.kind === kind).find((told) => isIt(told)),
      ),
  };
}
