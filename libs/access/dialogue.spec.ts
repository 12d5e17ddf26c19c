import fc from 'fast-check';
import { beginDialogue, nextStep, type CallingLine, type DialledPassword, type Turn } from './dialogue.ts';

const LINE = '0366129834';
const USER = '0366129835';
const OTHER_USER = '05012345670';
const NUMBERS = [LINE, USER, OTHER_USER];
const STRANGER = '0698765432';
const GOOD = '12983476';

function lineOf(caller: string, unit: CallingLine['unit'] = null): CallingLine {
  return { caller, lineNumber: LINE, brand: 'ntt-east', numbers: NUMBERS, unit };
}

/** The turn after these keys, one entry for each question, as the machine's state is kept: as JSON. */
function call(line: CallingLine | undefined, ...keys: string[]): Turn {
  return keys.reduce<Turn>((turn, entry) => {
    if (turn.state === undefined) throw new Error('the call is over');
    return nextStep(JSON.parse(JSON.stringify(turn.state)) as typeof turn.state, entry);
  }, beginDialogue(line));
}

const says = ({ say }: Turn): string[] =>
  say.map(({ name, number }) => (number ? `${name} ${number}` : name));

describe('the dialogue', () => {
  it.each([
    ['1 from the line number', LINE, ['1'], LINE, 'line'],
    ['1 from an additional number', USER, ['1'], LINE, 'line'],
    ['2 from the line number', LINE, ['2', `${USER}#`], USER, 'number'],
    ['2 from an additional number', USER, ['2', OTHER_USER], OTHER_USER, 'number'],
    ['3 from the line number', LINE, ['3', LINE], LINE, 'administrator-user'],
    ['3 from the line number', LINE, ['3', USER], USER, 'administrator-user'],
    ['3 from an additional number', USER, ['3'], USER, 'administrator-user'],
  ] as const)('A2 sets the password by choice %s', (_, caller, choice, number, unit) => {
    expect(says(call(lineOf(caller)))).toEqual(['unit']);
    if (choice.length === 2) expect(says(call(lineOf(caller), choice[0]))).toEqual(['number']);
    expect(says(call(lineOf(caller), ...choice))).toEqual([`password ${number}`]);
    expect(says(call(lineOf(caller), ...choice, GOOD))).toEqual(['passwordAgain']);
    expect(call(lineOf(caller), ...choice, GOOD, GOOD)).toEqual({
      say: [{ name: 'done', number }],
      done: { caller, number, unit, password: GOOD },
    });
  });

  it('A2 tells a withheld or unknown caller that the call cannot be taken', () => {
    expect(beginDialogue(undefined)).toEqual({ say: [{ name: 'refused' }] });
  });

  it.each(['', '0', '4', '11', '1#', 'x', 'toString'])('A2 takes %j for a wrong choice', (keys) => {
    expect(says(call(lineOf(LINE), keys))).toEqual(['wrong', 'unit']);
  });

  it.each([STRANGER, '', '12345678', `${USER}##`])('A2 takes the number %j for a wrong entry', (number) => {
    expect(says(call(lineOf(LINE), '2', number))).toEqual(['wrong', 'number']);
    expect(says(call(lineOf(LINE), '3', number))).toEqual(['wrong', 'number']);
  });

  it.each(['', '1298347', '11111111', '12345678', '98765432', LINE.slice(-8)])(
    'A2 takes the password %j for a wrong entry',
    (password) => expect(says(call(lineOf(LINE), '1', password))).toEqual(['wrong', `password ${LINE}`]),
  );

  it('A2 asks for both entries again when they differ, and forgets the first', () => {
    const turn = call(lineOf(LINE), '1', GOOD, '12983475');
    expect(says(turn)).toEqual(['wrong', `password ${LINE}`]);
    expect(JSON.stringify(turn)).not.toContain(GOOD);
    expect(call(lineOf(LINE), '1', GOOD, '', '12983475', '12983475').done?.password).toBe('12983475');
  });

  it('A2 ends the call with the third wrong entry at one question', () => {
    const ended = { say: [{ name: 'wrongTooOften' }] };
    expect(call(lineOf(LINE), '9', '', '0')).toEqual(ended);
    expect(call(lineOf(LINE), '2', '1', '2', '3')).toEqual(ended);
    expect(call(lineOf(LINE), '1', '1', '2', '3')).toEqual(ended);
    expect(call(lineOf(LINE), '1', GOOD, '1', GOOD, '2', GOOD, '3')).toEqual(ended);
  });

  it('A2 counts wrong entries for each question', () => {
    const twiceEach = ['9', '9', '2', '1', '2', USER, '1', GOOD, '1', '2', GOOD, '2', GOOD, GOOD];
    expect(call(lineOf(LINE), ...twiceEach).done?.number).toBe(USER);
  });

  it('A2 under administrator/user lets an additional number set its own password only', () => {
    const user = lineOf(USER, 'administrator-user');
    expect(says(call(user, '1'))).toEqual(['wrong', 'unit']);
    expect(says(call(user, '2'))).toEqual(['wrong', 'unit']);
    expect(says(call(user, '3'))).toEqual([`password ${USER}`]);
    const administrator = lineOf(LINE, 'administrator-user');
    expect(says(call(administrator, '1'))).toEqual([`password ${LINE}`]);
    expect(says(call(administrator, '2', USER))).toEqual([`password ${USER}`]);
  });
});

/** How a call goes, by the letter of A2: the questions asked, and how it ended. */
interface Course {
  readonly asked: readonly string[];
  readonly end: 'waits' | 'cut off' | DialledPassword;
}

class Waits extends Error {}
class CutOff extends Error {}

/** A2 told as a clerk would do it, one question after the other. */
function clerk(line: CallingLine, entries: readonly string[]): Course {
  const asked: string[] = [];
  const misses: Record<string, number> = {};
  const left = [...entries];
  const hear = (question: string): string => {
    asked.push(question);
    const entry = left.shift();
    if (entry === undefined) throw new Waits();
    return entry;
  };
  const miss = (question: string): void => {
    misses[question] = (misses[question] ?? 0) + 1;
    if (misses[question] === 3) throw new CutOff();
  };
  const hearRight = (question: string, isRight: (entry: string) => boolean): string => {
    for (;;) {
      const entry = hear(question);
      if (isRight(entry)) return entry;
      miss(question);
    }
  };
  try {
    const isMain = line.caller === line.lineNumber;
    const onlyThree = line.unit === 'administrator-user' && !isMain;
    const choice = hearRight('unit', (entry) => (onlyThree ? ['3'] : ['1', '2', '3']).includes(entry));
    let number = choice === '1' ? line.lineNumber : line.caller;
    if (choice === '2' || (choice === '3' && isMain))
      number = hearRight('number', (entry) => line.numbers.some((one) => [one, `${one}#`].includes(entry)));
    number = number.replace('#', '');
    for (;;) {
      const first = hearRight('password', (entry) => isTakable(entry, number));
      if (hear('passwordAgain') !== first) {
        miss('passwordAgain');
        continue;
      }
      const unit = ({ 1: 'line', 2: 'number', 3: 'administrator-user' } as const)[choice as '1' | '2' | '3'];
      return { asked, end: { caller: line.caller, number, unit, password: first } };
    }
  } catch (error) {
    if (error instanceof Waits) return { asked, end: 'waits' };
    if (error instanceof CutOff) return { asked, end: 'cut off' };
    throw error;
  }
}

const isTakable = (entry: string, number: string): boolean =>
  /^\d{8}$/.test(entry) &&
  !/^(\d)\1*$/.test(entry) &&
  !'0123456789'.includes(entry) &&
  !'9876543210'.includes(entry) &&
  entry !== number.slice(-8);

/** What the machine makes of the same entries; a call that is over hears no more. */
function machine(line: CallingLine, entries: readonly string[]): Course {
  const asked: string[] = [];
  let turn = beginDialogue(line);
  for (const entry of [...entries, undefined]) {
    if (turn.state === undefined) break;
    asked.push(turn.state.question);
    if (entry === undefined) return { asked, end: 'waits' };
    turn = nextStep(turn.state, entry);
  }
  return { asked, end: turn.state ? 'waits' : (turn.done ?? 'cut off') };
}

describe('the dialogue, whatever is pressed', () => {
  const numbers = fc.constantFrom(...NUMBERS, STRANGER, ...NUMBERS.map((number) => `${number}#`));
  const passwords = fc.constantFrom(
    GOOD,
    '12983475',
    '11111111',
    '12345678',
    ...NUMBERS.map((n) => n.slice(-8)),
  );
  const entries = fc.array(
    fc.oneof(
      { arbitrary: fc.constantFrom('1', '2', '3', '9', ''), weight: 2 },
      { arbitrary: numbers, weight: 2 },
      { arbitrary: passwords, weight: 1 },
      { arbitrary: fc.constant(GOOD), weight: 4 },
    ),
    { minLength: 3, maxLength: 12, size: 'max' },
  );
  const line = fc.record({
    caller: fc.constantFrom(...NUMBERS),
    lineNumber: fc.constant(LINE),
    brand: fc.constant('ntt-east'),
    numbers: fc.constant(NUMBERS),
    unit: fc.constantFrom(null, 'line', 'number', 'administrator-user' as const),
  });

  it('A2 goes as the specification tells it, and sets no number but those that the caller may', () => {
    let set = 0;
    fc.assert(
      fc.property(line, entries, (calling, pressed) => {
        const course = machine(calling, pressed);
        expect(course).toEqual(clerk(calling, pressed));
        if (typeof course.end === 'string') return;
        set += 1;
        expect(NUMBERS).toContain(course.end.number);
        if (calling.unit === 'administrator-user' && calling.caller !== LINE)
          expect(course.end.number).toBe(calling.caller);
      }),
      { numRuns: 5_000 },
    );
    // Else the property above would say little.
    expect(set).toBeGreaterThan(200);
  });

  it('A2 ends every call', () => {
    fc.assert(
      fc.property(
        line,
        fc.infiniteStream(fc.oneof(numbers, passwords, fc.constantFrom('1', '2', '3'))),
        (calling, pressed) => {
          expect(machine(calling, [...pressed.take(20)]).end).not.toBe('waits');
        },
      ),
    );
  });
});
