import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSourceSpec } from '@sextant/camera';
import { pipelineJsonSchema } from './json-schema.js';
import { parsePipeline, readPipeline } from './read-pipeline.js';

const folder = mkdtempSync(join(tmpdir(), 'sextant-config-'));
afterAll(() => rm(folder, { recursive: true }));

describe('parsePipeline', () => {
  it('accepts nothing and everything', () => {
    expect(parsePipeline('', 'f')).toEqual({});
    expect(parsePipeline('modalities: [depth, flow]\nparameters: {depth.encoding: 16UC1}\ncamera: {lens: {model: plumb_bob, d: [-0.1]}}', 'f')).toEqual({
      modalities: ['depth', 'flow'], parameters: { 'depth.encoding': '16UC1' }, camera: { lens: { model: 'plumb_bob', d: [-0.1] } },
    });
  });

  it('reads the size of the grid, whether there is memory, and what is done to the maps', () => {
    expect(parsePipeline('size: 128x96\nmemory: false\nsteady: true\nresolution: camera', 'f')).toEqual({ size: { width: 128, height: 96 }, memory: false, steady: true, resolution: 'camera' });
  });

  it('takes a modality that is named twice once, as --modalities does', () => {
    expect(parsePipeline('modalities: [depth, flow, depth]', 'f')).toEqual({ modalities: ['depth', 'flow'] });
  });

  it('takes texts of digits alone, which YAML reads as numbers', () => {
    expect(parsePipeline('scale: 2\nprompt: 7\nparameters: {scale: 1.5, frame_id: 5}', 'f')).toEqual({ scale: '2', prompt: '7', parameters: { scale: '1.5', frame_id: '5' } });
    expect(() => parsePipeline('parameters: {scale: true}', 'f')).toThrow(/^f:1: parameters\.scale: .*string/);
    expect(() => parsePipeline('parameters: {scale: -1}', 'f')).toThrow(/^f:1: parameters\.scale: /);
  });

  it.each([
    ['a size of no known form', 'size: large\n', /^f\.yaml:1: size: must be WxH/],
    ['a size that cannot be', 'size: 4x96\n', /^f\.yaml:1: size: Give a width and a height from 8 to 8192/],
    ['an unknown key', 'port: 1\n\nprot: 2\n', /^f\.yaml:3: prot: no such key$/],
    ['an unknown key inside', 'port: 1\nbridge:\n  namespace: /a\n  colour: red\n', /^f\.yaml:4: bridge\.colour: no such key$/],
    ['a value of another type', 'source: sim\nport: many\n', /^f\.yaml:2: port: .*number/],
    ['a value that cannot be', '\nbridge:\n  namespace: robot\n', /^f\.yaml:3: bridge\.namespace: must be an absolute ROS name/],
    ['a source that is none', 'port: 1\nsource: http://host/x\n', /^f\.yaml:2: source: the source 'http:\/\/host\/x' starts with 'http:', which names no kind of source$/],
    ['an unknown modality', 'modalities:\n  - depth\n  - smell\n', /^f\.yaml:3: modalities\.1: /],
    ['broken YAML', 'port: [1\nhost: x\n', /^f\.yaml:\d: /],
    ['no mapping', '- 1\n', /^f\.yaml:1: /],
  ])('names file, line and key of %s', (_what, text, message) => {
    expect(() => parsePipeline(text, 'f.yaml')).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(message) }));
  });
});

it('names every mistake of a file, in the order of its lines', () => {
  const text = 'port: 70000\nprot: 1\nparameters:\n  depth.encoding: 64FC1\n  points.decimation: 0\n  scale: camera-hight:0.3\nscale: tall\n';
  expect(() => parsePipeline(text, 'f')).toThrow(expect.objectContaining({
    message: expect.stringMatching(/^f:1: port: .*\nf:2: prot: no such key\nf:4: parameters\.depth\.encoding: .*\nf:5: parameters\.points\.decimation: .*\nf:6: parameters\.scale: the scale 'camera-hight:0\.3' is none of them\nf:7: scale: the scale 'tall' is none of them$/),
  }));
});

describe('files of launch/', () => {
  const launch = fileURLToPath(new URL('../../../../launch/', import.meta.url));
  const pipelines = readdirSync(launch).filter((name) => name.endsWith('.yaml') && !name.includes('.launch.') && !name.startsWith('nav2_'));

  it.each(pipelines)('%s is a pipeline file that names its schema', async (name) => {
    const path = join(launch, name);
    expect(Object.keys(await readPipeline(path))).toContain('source');
    expect(readFileSync(path, 'utf8')).toMatch(/^# yaml-language-server: \$schema=pipeline\.schema\.json\n/);
  });

  // Written anew with SEXTANT_WRITE_SCHEMA=1.
  it('pipeline.schema.json, for editors, is what the command checks by', () => {
    const path = join(launch, 'pipeline.schema.json');
    if (process.env.SEXTANT_WRITE_SCHEMA === '1') writeFileSync(path, `${JSON.stringify(pipelineJsonSchema(), null, 1)}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(pipelineJsonSchema())));
  });
});

describe('readPipeline', () => {
  it('takes paths of inputs as relative to the file', async () => {
    const path = join(folder, 'p.yaml');
    await writeFile(path, 'source: ../clip.mp4\nmodel: ./mine\ncalibration: cam.yaml\nrecord: out.mcap\ncamera: {assets: a}\n');
    const at = (name: string) => resolve(folder, name);
    expect(await readPipeline(path)).toEqual({ source: at('../clip.mp4'), model: at('mine'), calibration: at('cam.yaml'), record: 'out.mcap', camera: { assets: at('a') } });
  });

  it.each([
    ['file:clip.mp4', 'clip.mp4'],
    ['file:shots#/left', 'file:shots#/left'],
    ['dir:shots', 'dir:shots'],
    ['bag:rec#/left/image_raw', 'bag:rec#/left/image_raw'],
    ['rec#/left/image_raw', 'bag:rec#/left/image_raw'],
    ['rec#1/rec.mcap#/left', 'bag:rec#1/rec.mcap#/left'],
    ['bag:rec#1#/left', 'bag:rec#1#/left'],
  ])('takes %s as relative to the file too', async (source, resolved) => {
    const path = join(folder, 'r.yaml');
    await writeFile(path, `source: '${source}'\n`);
    const read = (await readPipeline(path)).source!;
    const [, prefix, rest] = /^((?:file:|dir:|bag:)?)(.*)$/.exec(resolved)!;
    expect(read).toBe(`${prefix}${folder}/${rest}`);
    expect(parseSourceSpec(read)).toEqual({ ...parseSourceSpec(source), path: join(folder, (parseSourceSpec(source) as { path: string }).path) });
    await writeFile(path, `source: '${read}'\n`);
    expect((await readPipeline(path)).source).toBe(read); // absolute paths stay
  });

  it.each(['sim:', 'sim:7', 'rtsp://host/x', 'v4l2:/dev/video0'])('leaves %s as it is', async (source) => {
    const path = join(folder, 'q.yaml');
    await writeFile(path, `source: '${source}'\nmodel: nano\n`);
    expect(await readPipeline(path)).toEqual({ source, model: 'nano' });
  });

  it('says when the file is not there', async () => {
    await expect(readPipeline(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'source-missing' });
  });
});
