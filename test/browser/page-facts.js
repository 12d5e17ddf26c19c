// Evaluated inside the page, hence plain JavaScript: an expression whose methods tell facts of the page as JSON.
(() => {
  const root = document.documentElement;
  // The largest size that is asked of a target.
  const ENOUGH_PX = 44;
  const FOCUSABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';

  const nameOf = (element) => {
    const label = element.labels?.[0] ?? element;
    const text = (element.ariaLabel ?? label.innerText ?? '').trim().replace(/\s+/g, ' ');
    return `${element.tagName.toLowerCase()} ${text.slice(0, 60)}`;
  };

  /** Those of a group of radios that are not chosen are reached with the arrows. */
  const isTabStop = (element) => {
    if (element.disabled || element.tabIndex < 0 || !element.checkVisibility()) return false;
    if (element.type !== 'radio' || element.name === '') return true;
    const group = [...document.getElementsByName(element.name)].filter((one) => one.form === element.form);
    return element === (group.find((one) => one.checked) ?? group[0]);
  };
  const tabStops = () => [...document.querySelectorAll(FOCUSABLE)].filter(isTabStop);

  /** A ring around an element, as far as it can be seen. */
  const ringOf = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    const isClear = /^rgba\(.*, 0\)$|^transparent$/.test(outlineColor);
    const isOutlined = outlineStyle !== 'none' && outlineWidth !== '0px' && !isClear;
    return {
      outline: isOutlined ? `${outlineStyle} ${outlineWidth} ${outlineColor}` : '',
      shadow: boxShadow === 'none' ? '' : boxShadow,
    };
  };

  const isInView = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    if (hit === null) return false;
    return element.contains(hit) || hit.contains(element) || [...(element.labels ?? [])].includes(hit);
  };

  /** A button, or a link with no text beside it on its line. */
  const standsAlone = (element) => {
    if (element.tagName !== 'A') return element.tagName === 'BUTTON' || element.type === 'submit';
    if (getComputedStyle(element).display !== 'inline') return true;
    const isBeside = (node) =>
      node !== element &&
      node.textContent.trim() !== '' &&
      (node.nodeType === Node.TEXT_NODE || getComputedStyle(node).display.startsWith('inline'));
    return ![...element.parentElement.childNodes].some(isBeside);
  };

  /** How far an element can be touched from its middle, both ways; what lies over it as a part of it counts. */
  const reachOf = (element, { x, y, stepX, stepY }) => {
    const isHit = (at) => element.contains(document.elementFromPoint(x + stepX * at, y + stepY * at));
    let [from, to] = [0, 0];
    while (from > -ENOUGH_PX && isHit(from - 1)) from -= 1;
    while (to < ENOUGH_PX && isHit(to + 1)) to += 1;
    return to - from;
  };

  const targetOf = (element) => {
    element.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const isLarge = Math.min(width, height) >= ENOUGH_PX;
    return {
      name: nameOf(element),
      standsAlone: standsAlone(element),
      width: isLarge ? width : Math.max(width, reachOf(element, { x, y, stepX: 1, stepY: 0 })),
      height: isLarge ? height : Math.max(height, reachOf(element, { x, y, stepX: 0, stepY: 1 })),
    };
  };

  return {
    hasScript: () => matchMedia('(scripting: enabled)').matches,

    /** What makes the page wider than its window, innermost elements only. */
    stickingOut: () => {
      if (root.scrollWidth <= root.clientWidth) return [];
      const wide = [...document.body.querySelectorAll('*')].filter(
        (element) => element.getBoundingClientRect().right > root.clientWidth + 0.5,
      );
      const innermost = wide.filter(
        (element) => !wide.some((other) => other !== element && element.contains(other)),
      );
      return [`page of ${root.scrollWidth} px in ${root.clientWidth} px`, ...innermost.map(nameOf)];
    },

    /** Links inside a sentence are excepted (WCAG 2.5.8), and what is hidden until it has the focus. */
    targets: () =>
      [...document.querySelectorAll(FOCUSABLE)]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 1)
        .filter((element) => element.tagName !== 'A' || standsAlone(element))
        .map(targetOf),

    transferred: () =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
        ({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize }),
      ),

    /** As they are without the focus, which comes to the end of the page, so that Tab begins anew. */
    tabStops: () => {
      tabStops().at(-1)?.focus();
      document.activeElement.blur();
      return tabStops().map((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { name: nameOf(element), left, right, top, bottom, ...ringOf(element) };
      });
    },

    /** The element that has the focus, by its place among the tab stops, if it is one. */
    focus: () => {
      const element = document.activeElement;
      return {
        isNowhere: element === document.body,
        place: tabStops().indexOf(element),
        isInView: isInView(element),
        ...ringOf(element),
      };
    },
  };
})();
