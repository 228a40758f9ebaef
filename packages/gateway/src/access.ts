import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request was refused. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Who may read the streams. */
export interface AccessRules {
  readonly token: string | undefined;
  /** The gateway listens on this machine only and asks for no token. */
  readonly localOnly: boolean;
  /** More Host names and browser origins' hosts that are fine, e.g. a reverse proxy's. */
  readonly allowedHosts: readonly string[];
}

/** True for addresses only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Web apps of others that people open on purpose to look at a robot: Foxglove connects from its own site. */
const KNOWN_APPS: readonly string[] = ['app.foxglove.dev', 'studio.foxglove.dev'];

/**
 * Checks a request for data. Without a token on a loopback address, the Host header must name this machine: otherwise a page
 * of anybody could read the camera by pointing its own name here (DNS rebinding). A browser's Origin must be the gateway's own, a
 * page that this machine serves itself (a developer's server on another port), Foxglove's, or an Electron app's (`file://`). A file
 * opened in a browser calls itself "null", as does a sandboxed frame of any site: it needs the token, or `--allow-host null`.
 * The token comes as `?token=` or `Authorization: Bearer`, compared in constant time.
 */
export function refuse(request: IncomingMessage, rules: AccessRules): Refusal | undefined {
  const refusal = refusePlace(request, rules);
  if (refusal === undefined && rules.token !== undefined && !sameText(givenToken(request), rules.token)) return { status: 401, message: 'a token is needed: ?token=... or Authorization: Bearer ...' };
  return refusal;
}

/** The part of `refuse` that is about where a request comes from; the token is asked for elsewhere. */
export function refusePlace(request: IncomingMessage, rules: AccessRules): Refusal | undefined {
  const host = hostName(request.headers.host ?? '');
  const allowed = (name: string): boolean => rules.allowedHosts.some((given) => hostName(withoutScheme(given)) === name);
  if (rules.localOnly && rules.token === undefined && !isLoopback(host) && isIP(host) === 0 && !allowed(host))
    return { status: 403, message: `host ${JSON.stringify(host)} is not this machine` };
  const { origin } = request.headers;
  const secret = origin === 'null' && rules.token !== undefined; // the token is asked for below
  if (origin !== undefined && !secret && !sameOrigin(origin, request.headers.host ?? '') && !isTrusted(origin) && !allowed(hostName(withoutScheme(origin))))
    return { status: 403, message: `pages of ${JSON.stringify(origin)}${origin === 'null' ? ' (a file opened in a browser: serve it instead)' : ''} may not connect; --allow-host lets them` };
  return undefined;
}

/** True where the request carries the token. */
export function carriesToken(request: IncomingMessage, { token }: AccessRules): boolean {
  return token !== undefined && sameText(givenToken(request), token);
}

/** No page of another site can have these origins: browsers write them. */
function isTrusted(origin: string): boolean {
  if (origin === 'file://') return true;
  const known = /^(https?):\/\/(.+)$/.exec(origin);
  if (known === null) return false;
  const host = hostName(known[2]);
  return isLoopback(host) || (known[1] === 'https' && KNOWN_APPS.includes(host));
}

function sameOrigin(origin: string, host: string): boolean {
  try {
    return new URL(origin).host.toLowerCase() === host.toLowerCase();
  } catch {
    return false; // "null" of sandboxed pages and files
  }
}

function hostName(hostAndPort: string): string {
  return hostAndPort.replace(/:\d+$/, '').toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

/** Host and port of an origin, or of an address as browsers show it and people copy it (`https://robot.example/`). */
function withoutScheme(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '');
}

/** Path and query of a request; what no URL can be (`//`) is `/`. */
export function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://gateway');
  } catch {
    return new URL('http://gateway/');
  }
}

function givenToken(request: IncomingMessage): string {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? urlOf(request).searchParams.get('token') ?? '';
}

/** Equal length by hashing, so that neither content nor length shows in the time. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
