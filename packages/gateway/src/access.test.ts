import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { isLoopback, refuse } from './access.js';

const request = (headers: Record<string, string>, url = '/metrics'): IncomingMessage => ({ headers, url }) as unknown as IncomingMessage;
const local = { token: undefined, localOnly: true, allowedHosts: [] };
const open = { token: 'secret', localOnly: false, allowedHosts: ['robot.example', 'https://Site.example/app/'] };

describe('refuse', () => {
  it.each<[string, Record<string, string>, string, typeof local | typeof open, number | undefined]>([
    ['a local client', { host: '127.0.0.1:8420' }, '/', local, undefined],
    ['a local page', { host: 'localhost:8420', origin: 'http://localhost:8420' }, '/', local, undefined],
    ['IPv6', { host: '[::1]:8420', origin: 'http://[::1]:8420' }, '/', local, undefined],
    ['a name pointed here by somebody else', { host: 'evil.example:8420', origin: 'http://evil.example:8420' }, '/', local, 403],
    ['a page of another site', { host: '127.0.0.1:8420', origin: 'https://evil.example' }, '/', local, 403],
    ['a page of another port of this machine', { host: '127.0.0.1:8420', origin: 'http://localhost:5173' }, '/', local, undefined],
    ['a name that begins like this machine', { host: '127.0.0.1:8420', origin: 'http://localhost.evil.example' }, '/', local, 403],
    ['a file in a browser that has the token', { host: '127.0.0.1:8420', origin: 'null' }, '/?token=secret', open, undefined],
    ['a file in a browser that has it not', { host: '127.0.0.1:8420', origin: 'null' }, '/', open, 401],
    ['an Electron app', { host: '127.0.0.1:8420', origin: 'file://' }, '/', local, undefined],
    ['Foxglove', { host: '127.0.0.1:8420', origin: 'https://app.foxglove.dev' }, '/', local, undefined],
    ['somebody who calls himself Foxglove', { host: '127.0.0.1:8420', origin: 'http://app.foxglove.dev' }, '/', local, 403],
    ['Foxglove without the token', { host: 'robot:8420', origin: 'https://app.foxglove.dev' }, '/', open, 401],
    ['a developer with the token', { host: 'robot:8420', origin: 'http://localhost:5173' }, '/?token=secret', open, undefined],
    ['a sandboxed page', { host: '127.0.0.1:8420', origin: 'null' }, '/', local, 403],
    ['no token', { host: 'robot:8420' }, '/', open, 401],
    ['a wrong token', { host: 'robot:8420' }, '/?token=secret2', open, 401],
    ['the token in the query', { host: 'robot:8420' }, '/?token=secret', open, undefined],
    ['the token as bearer', { host: 'robot:8420', authorization: 'Bearer secret' }, '/', open, undefined],
    ['an allowed proxy', { host: 'robot:8420', origin: 'https://robot.example' }, '/?token=secret', open, undefined],
    ['a site that is allowed by its address', { host: 'robot:8420', origin: 'https://site.example' }, '/?token=secret', open, undefined],
    ['another site with the token', { host: 'robot:8420', origin: 'https://evil.example' }, '/?token=secret', open, 403],
  ])('%s', (_name, headers, url, rules, status) => {
    expect(refuse(request(headers, url), rules)?.status).toBe(status);
  });
});

describe('isLoopback', () => {
  it.each<[string, boolean]>([['127.0.0.1', true], ['127.8.8.8', true], ['::1', true], ['localhost', true], ['0.0.0.0', false], ['127.0.0.1.evil.example', false], ['192.168.1.2', false]])('%s %s', (host, yes) => {
    expect(isLoopback(host)).toBe(yes);
  });
});
