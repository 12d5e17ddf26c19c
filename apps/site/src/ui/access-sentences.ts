import type {
  ConfirmationProblem,
  IpPhoneProblem,
  LoginResult,
  PasswordPolicy,
  PasswordProblem,
} from '#access';
import { shownWait } from '#pages';

/** What a password is to be like, before it is typed (A5). */
export function passwordSupport({ minLength, maxLength, notOnly }: PasswordPolicy): string {
  const only = notOnly.map((kind) => (kind === 'digits' ? '数字' : '英字'));
  return `半角英数字${minLength}～${maxLength}桁${only.length > 0 ? `（${only.join('のみ、')}のみは不可）` : ''}`;
}

/** The same for a password manager that reads `passwordrules`, which would else propose what is refused. */
export function passwordRules({ minLength, maxLength, notOnly }: PasswordPolicy): string {
  const required = notOnly.length > 0 ? ' required: lower; required: digit;' : '';
  return `minlength: ${minLength}; maxlength: ${maxLength};${required} allowed: lower, upper, digit;`;
}

/** What is wrong with a new password, and what to do (A5). */
export function passwordSentence(problem: PasswordProblem, { minLength, maxLength }: PasswordPolicy): string {
  switch (problem) {
    case 'empty':
      return '新しいパスワードを入力してください。';
    case 'full-width':
      return '新しいパスワードに全角文字が含まれています。半角英数字で入力してください。';
    case 'characters':
      return '新しいパスワードに使えない文字が含まれています。半角英数字だけで入力してください。';
    case 'length':
      return `新しいパスワードは${minLength}桁から${maxLength}桁で入力してください。`;
    case 'only-digits':
      return '新しいパスワードには、数字のほかに英字も使ってください。';
    case 'only-letters':
      return '新しいパスワードには、英字のほかに数字も使ってください。';
    case 'well-known':
      return 'このパスワードは広く知られているため、使えません。別のパスワードを入力してください。';
    case 'contains-number':
      return '新しいパスワードに電話番号が含まれています。電話番号を含まないものを入力してください。';
    case 'same':
      return 'これまでのパスワードと同じです。別のパスワードを入力してください。';
  }
}

export const CONFIRMATION_ID_SUPPORT = '半角英数字8～12桁（英大文字のみ、英小文字のみ、数字のみは不可）';
export const CONFIRMATION_PASSWORD_SUPPORT =
  '半角英数字8～12桁で、英字と数字の両方を使ってください。0000や1234、abcdのような並びと、電話番号は使えません。';
/** For password managers. */
export const CONFIRMATION_PASSWORD_RULES =
  'minlength: 8; maxlength: 12; required: lower; required: digit; allowed: lower, upper, digit; max-consecutive: 2;';

/** What is wrong with a confirmation id or password, and what to do (A9). `what`: its label. */
export function confirmationSentence(problem: ConfirmationProblem, what: string): string {
  switch (problem) {
    case 'empty':
      return `${what}を入力してください。`;
    case 'full-width':
      return `${what}に全角文字が含まれています。半角英数字で入力してください。`;
    case 'characters':
      return `${what}に使えない文字が含まれています。半角英数字だけで入力してください。`;
    case 'length':
      return `${what}は8桁から12桁で入力してください。`;
    case 'only-capitals':
      return `${what}は、英大文字だけにはできません。英小文字か数字も使ってください。`;
    case 'only-small-letters':
      return `${what}は、英小文字だけにはできません。英大文字か数字も使ってください。`;
    case 'only-digits':
      return `${what}には、数字のほかに英字も使ってください。`;
    case 'only-letters':
      return `${what}には、英字のほかに数字も使ってください。`;
    case 'run':
      return `${what}に、0000や1234、abcdのような4文字以上の並びが含まれています。別のものを入力してください。`;
    case 'contains-number':
      return `${what}に電話番号が含まれています。電話番号を含まないものを入力してください。`;
    case 'same':
      return `現在の${what}と同じです。別のものを入力してください。`;
  }
}

export const IP_PHONE_SUPPORT = '8文字（半角の英大文字・英小文字・数字）';
/** For password managers. */
export const IP_PHONE_RULES = 'minlength: 8; maxlength: 8; allowed: lower, upper, digit;';

/** What is wrong with a new password of an IP phone, and what to do (V4). */
export function ipPhoneSentence(problem: IpPhoneProblem): string {
  const what = '新IP加入電話パスワード';
  switch (problem) {
    case 'empty':
      return `${what}を入力してください。`;
    case 'full-width':
      return `${what}に全角文字が含まれています。半角で入力してください。`;
    case 'characters':
      return `${what}に使えない文字が含まれています。半角の英大文字・英小文字・数字だけで入力してください。`;
    case 'length':
      return `${what}は8文字で入力してください。`;
    case 'same':
      return '現IP加入電話パスワードと同じです。別のパスワードを入力してください。';
  }
}

/** For a source that failed too often, over all numbers (A3): whoever shares its address reads it too. */
function sourceSentence(seconds: number): string {
  return `お使いの回線からのログインの失敗が続いているため、受け付けを一時的に止めています。あと${shownWait(seconds)}待ってから、もう一度お試しください。`;
}

/** For a login that was not looked at (A3). */
export function laterSentence({ kind, seconds }: Extract<LoginResult, { seconds: number }>): string {
  return kind === 'wait' ? waitSentence(seconds) : sourceSentence(seconds);
}

/** For a try during a wait (A3). */
export function waitSentence(seconds: number): string {
  return `続けて間違えたため、受け付けを一時的に止めています。あと${shownWait(seconds)}待ってから、もう一度お試しください。`;
}
