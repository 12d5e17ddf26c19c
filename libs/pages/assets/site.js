/** Comfort only: every task works without this file. */

/** Adds a button that shows what is typed. The password is hidden again before it is sent, so that it is kept as one. */
function addShowButton(input) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button quiet';
  button.setAttribute('aria-controls', input.id);
  const show = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? '入力を隠す' : '入力を表示';
  };
  show(false);
  button.addEventListener('click', () => show(input.type === 'password'));
  input.form?.addEventListener('submit', () => show(false));
  input.after(button);
}

/** `119` → `2分`, `59` → `59秒`: minutes are rounded up, so that nobody hurries more than needed. */
function shownTime(seconds) {
  return seconds >= 60 ? `${Math.ceil(seconds / 60)}分` : `${seconds}秒`;
}

/** Asks the site for more time: resolves to the seconds left, 0 when the session is over; rejects when it is away. */
async function prolong(form) {
  const answer = await fetch(form.action, { method: 'POST', redirect: 'manual' });
  if (answer.type === 'opaqueredirect') return 0;
  if (!answer.ok) throw new Error('the site is away');
  return (await answer.json()).secondsLeft;
}

/** Opens the page's address anew. A reload would send a form again that the page answers, and cost another try. */
function openAnew() {
  location.replace(location.pathname + location.search);
}

/** Announces the end of the session, and prolongs it when asked. The times are the site's. */
function announceTimeOut(dialog) {
  const warnSeconds = Number(dialog.dataset.warnSeconds);
  const shown = dialog.querySelector('[data-time-left]');
  // A moment later than the site's own clock: asking before the session is over would prolong it.
  const endsIn = (seconds) => Date.now() + (Number(seconds) + 5) * 1000;
  let end = endsIn(dialog.dataset.secondsLeft);
  const look = () => {
    const left = Math.ceil((end - Date.now()) / 1000) - 5;
    if (left <= -5) openAnew();
    else if (left <= warnSeconds) {
      shown.textContent = shownTime(Math.max(left, 0));
      if (!dialog.open) dialog.showModal();
    }
  };
  setInterval(look, 1000);
  dialog.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    // While the site is away the dialog stays, and the button can be pressed again.
    const seconds = await prolong(event.target).catch(() => undefined);
    if (seconds === 0) openAnew();
    else if (seconds !== undefined) {
      end = endsIn(seconds);
      dialog.close();
    }
  });
}

for (const input of document.querySelectorAll('input[type="password"]')) addShowButton(input);
document.querySelector('[data-focus]')?.focus();
const timeOut = document.querySelector('#time-out');
if (timeOut) announceTimeOut(timeOut);
