import { describe, expect, it } from '@jest/globals';
import type { ConnectionState } from '@sextant/client';
import { SextantError } from '@sextant/client';
import { cameraWords, cloudFailedWords, errorWords, idleWords, noCloudWords, stateWords } from './words.js';

const error = (code: ConstructorParameters<typeof SextantError>[0]): SextantError => new SextantError(code, 'it broke', { hint: 'Mend it.' });
const open = { kind: 'open', server: { version: 1, server: 'sextant', session: 's', kinds: ['rgb'], limits: { maxStreams: 1, maxCameras: 0, maxMessageBytes: 1, maxCameraPixels: 1 }, prompts: false } } as const;

describe('stateWords', () => {
  it.each<[ConnectionState, number | undefined, boolean, string, string]>([
    [{ kind: 'connecting', attempt: 1 }, undefined, true, 'waiting', 'Connecting'],
    [{ kind: 'connecting', attempt: 4 }, undefined, true, 'waiting', 'Connecting, attempt 4'],
    [{ kind: 'waiting', attempt: 1, retryMs: 250, error: error('io') }, 100, true, 'bad', 'Connection lost, trying again'],
    [{ kind: 'failed', error: error('unauthorized') }, undefined, true, 'bad', 'A token is needed'],
    [{ kind: 'failed', error: error('unsupported') }, undefined, true, 'bad', 'No connection'],
    [open, undefined, true, 'waiting', 'Connected, waiting for a frame'],
    [open, 200, true, 'good', 'Live'],
    [open, 3500, true, 'waiting', 'No frame for over 3 s'],
    [open, 45_000, true, 'waiting', 'No frame for over 30 s'],
    [open, 45_000, false, 'good', 'Connected'],
    [{ kind: 'closed' }, undefined, false, 'bad', 'Closed'],
  ])('%#', (state, silentMs, asking, tone, text) => {
    expect(stateWords(state, silentMs, asking)).toEqual({ tone, text });
  });
});

describe('noCloudWords', () => {
  it('tells a server without depth from a frame that was asked for without it', () => {
    expect(noCloudWords(false)).toMatch(/^This server offers no depth/);
    expect(noCloudWords(true)).toMatch(/came without depth.*the next one has/);
  });
});

describe('idleWords', () => {
  it('tells a page that was paused before its first frame from one without streams', () => {
    expect(idleWords(true)).toMatch(/^Paused before the first frame/);
    expect(idleWords(false)).toMatch(/^Every stream is switched off/);
  });
});

describe('cloudFailedWords', () => {
  it('tells a server that is gone from a browser without WebGL', () => {
    expect(cloudFailedWords(error('io'))).toEqual({ text: 'it broke', hint: 'Mend it.' });
    expect(cloudFailedWords(new Error('Error creating WebGL context.')).text).toMatch(/needs WebGL/);
  });
});

describe('errorWords', () => {
  it('keeps the hint of an error of ours and the message of any other', () => {
    expect(errorWords(error('io'))).toEqual({ text: 'it broke', hint: 'Mend it.' });
    expect(errorWords(new Error('no'))).toEqual({ text: 'no', hint: '' });
    expect(errorWords('what')).toEqual({ text: 'what', hint: '' });
  });
});

describe('cameraWords', () => {
  it.each([['NotAllowedError', /refused/], ['NotFoundError', /no camera/], ['NotReadableError', /did not start/], ['TypeError', /^strange$/]])('%s', (name, text) => {
    expect(cameraWords(Object.assign(new Error('strange'), { name })).text).toMatch(text);
  });
});
