import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { PAINTER, pictureHashes, readJson, scratch, sextant, start } from './command.js';

jest.setTimeout(240_000);

const root = scratch();
const common = ['--model', PAINTER, '--device', 'cpu', '--json'];
const json = (...path: string[]): Promise<Record<string, unknown>> => readJson(root, ...path);
const hashes = (out: string): Promise<string[]> => pictureHashes(join(root, out, 'rgb'));

describe('sextant joint', () => {
  const joint = (out: string, ...more: string[]): string[] => ['joint', '--modality', 'depth,segmentation', '--prompt', 'a red dog', '--frames', '11', '--seed', '3', '--out', join(root, out), ...common, ...more];

  it('makes pictures and modalities from a sentence, goes on after a stop, and replays', async () => {
    const { code, lines } = await sextant(...joint('joint', '--check'));
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 11 });
    expect(code).toBe(0);
    expect(await json('joint', 'depth', 'meta.json')).toMatchObject({ provenance: 'relative' });
    expect(await json('joint', 'agreement.json')).toMatchObject({ frames: 11 });

    const command = start(...joint('joint-stopped'));
    await command.line(({ event, frame }) => event === 'step' && (frame as number) >= 9);
    command.kill('SIGTERM');
    expect((await command.end()).code).toBe(143);
    await sextant(...joint('joint-stopped'));
    expect(await hashes('joint-stopped')).toEqual(await hashes('joint'));
    expect(await readFile(join(root, 'joint-stopped/depth/000010.png'))).toEqual(await readFile(join(root, 'joint/depth/000010.png')));
    expect(existsSync(join(root, 'joint-stopped/.sextant-work'))).toBe(false);
    const again = await sextant('joint', '--replay', join(root, 'joint/manifest.json'), '--out', join(root, 'joint-again'), ...common);
    expect(again.lines.find(({ event }) => event === 'replayed')).toMatchObject({ same: 11, differ: [] });
  });
});
