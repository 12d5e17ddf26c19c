import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(new URL('page-facts.js', import.meta.url), 'utf8');

/** What can be seen of the focus: an outline and a shadow as CSS, each empty when there is none. */
interface Ring {
  readonly outline: string;
  readonly shadow: string;
}

/** A control that Tab has to reach, with its box in the window, without the focus. */
export interface TabStop extends Ring {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What has the focus: `place` is its index among the tab stops, -1 when it is none of them. */
export interface Focus extends Ring {
  readonly place: number;
  readonly isNowhere: boolean;
  readonly isInView: boolean;
}

/** What `page-facts.js` tells of a page; sizes in CSS pixels. */
interface PageFacts {
  readonly hasScript: boolean;
  readonly stickingOut: readonly string[];
  readonly targets: readonly {
    readonly name: string;
    readonly standsAlone: boolean;
    readonly width: number;
    readonly height: number;
  }[];
  readonly transferred: readonly { readonly name: string; readonly bytes: number }[];
  readonly tabStops: readonly TabStop[];
  readonly focus: Focus;
}

/** Asks a page for facts about itself, also where its own scripts are off. */
export function pageFacts<const K extends keyof PageFacts>(page: Page, about: K): Promise<PageFacts[K]> {
  return page.evaluate<PageFacts[K]>(`${SOURCE.trimEnd().replace(/;$/, '')}.${about}()`);
}
