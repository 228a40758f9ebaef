import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal.js';

const folder = mkdtempSync(join(tmpdir(), 'sextant-journal-'));
afterAll(() => rm(folder, { recursive: true }));
const frame = (index: number) => ({ index, stamp: index * 10, width: 4, height: 2 });

describe('Journal', () => {
  it('remembers head and frames, and forgets a line that was cut off', async () => {
    const path = join(folder, 'work', 'frames.jsonl');
    const first = await Journal.open(path, { job: 1 });
    await first.add(frame(0));
    await first.add(frame(1));
    await first.close();
    const whole = await readFile(path, 'utf8');
    await appendFile(path, '{"index":2,"sta');

    const second = await Journal.open(path, { job: 2 });
    expect(second.head).toEqual({ job: 1 });
    expect(second.frames).toEqual([frame(0), frame(1)]);
    await second.add(frame(2));
    await second.close();
    expect(await readFile(path, 'utf8')).toBe(`${whole}${JSON.stringify(frame(2))}\n`);
  });

  it('keeps what was wrong with the source, each once, in lines of their own', async () => {
    const path = join(folder, 'issues.jsonl');
    const first = await Journal.open(path, {});
    await Promise.all([first.add(frame(0)), first.addIssue('picture 1 is damaged'), first.add(frame(2)), first.addIssue('picture 3 is damaged')]);
    await first.close();
    const second = await Journal.open(path, {});
    await second.addIssue('picture 3 is damaged');
    await second.close();
    expect([second.frames, second.issues]).toEqual([[frame(0), frame(2)], ['picture 1 is damaged', 'picture 3 is damaged']]);
    expect(await readFile(path, 'utf8')).toBe([{}, frame(0), { issue: 'picture 1 is damaged' }, frame(2), { issue: 'picture 3 is damaged' }].map((line) => `${JSON.stringify(line)}\n`).join(''));
  });

  it('begins anew where not even the head was written', async () => {
    const path = join(folder, 'cut.jsonl');
    await appendFile(path, '{"jo');
    const journal = await Journal.open(path, { job: 3 });
    expect([journal.head, journal.frames]).toEqual([{ job: 3 }, []]);
    await journal.close();
    expect(await readFile(path, 'utf8')).toBe('{"job":3}\n');
  });

  it('is an io error where there can be no file', async () => {
    await expect(Journal.open(join(folder, 'cut.jsonl', 'below.jsonl'), {})).rejects.toMatchObject({ code: 'io' });
  });
});
