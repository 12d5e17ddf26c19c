import type { Stage } from '#access';
import type { FoundRoute, RouteRow } from '#pages';

/**
 * How far a login is: in; or what it has to do first. A self-care login (A14) is one of its own kind, which no page of a
 * number serves.
 */
export type LoginStage = Stage | 'in' | 'self-care-code' | 'self-care';

/**
 * Who may ask for a route: `inside` whoever does not come by one of our proxies, `open` everybody, else the logins at
 * one of these stages.
 */
export type Who = 'inside' | 'open' | readonly LoginStage[];

/** A row of the site's table of routes. */
export type PageRoute = RouteRow<Who>;

/** A route of the site as it was found. */
export type Route = FoundRoute<Who>;
