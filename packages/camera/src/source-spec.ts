import { SextantError } from '@sextant/core';
import { redactUrl } from './redact-url.js';

/** A source as a person writes it, taken apart. `path` may still be a video, a folder or one picture. */
export type SourceSpec =
  | { readonly kind: 'sim'; readonly seed: number }
  | { readonly kind: 'pictures'; readonly path: string }
  | { readonly kind: 'v4l2'; readonly device: string }
  | { readonly kind: 'rtsp'; readonly url: string }
  | { readonly kind: 'bag'; readonly path: string; readonly topic?: string }
  | { readonly kind: 'ros'; readonly transport: 'native' | 'rosbridge'; readonly topic: string }
  | { readonly kind: 'path'; readonly path: string };

/** An option of `openSource` that some kinds of source take and others ignore. */
export type SourceOption = 'calibration' | 'frameId' | 'rate' | 'loop' | 'startSeconds' | 'speed' | 'width' | 'height' | 'assets' | 'sceneSeconds' | 'lens';

const COMMON: readonly SourceOption[] = ['calibration', 'frameId', 'rate'];
const RECORDED: readonly SourceOption[] = [...COMMON, 'loop', 'startSeconds', 'speed'];

/** What each kind of source takes; the rest does nothing there. */
export const SOURCE_TAKES: Readonly<Record<SourceSpec['kind'], readonly SourceOption[]>> = {
  sim: [...COMMON, 'width', 'height', 'assets', 'sceneSeconds', 'lens'],
  pictures: RECORDED,
  path: RECORDED,
  bag: RECORDED,
  v4l2: [...COMMON, 'width', 'height'],
  rtsp: COMMON,
  ros: COMMON,
};

/** The world of `sim:` without a seed: a furnished room, four people, a camera that pans. */
export const DEFAULT_SEED = 36;

const FORMS = 'sim:, sim:<seed>, a video file, dir:<folder> or a folder, bag.mcap, bag.mcap#/topic or <folder>#/topic, v4l2:/dev/video0, rtsp://host/path, ros:/topic, rosbridge:/topic';

const bad = (spec: string, what: string): SextantError =>
  new SextantError('bad-argument', `the source '${redactUrl(spec)}' ${what}`, { hint: `A source is one of: ${FORMS}.`, details: { spec: redactUrl(spec) } });

/**
 * Parses the source grammar of the `sextant` command. Nothing is opened.
 *
 * @throws SextantError `bad-argument` for what fits no form, `unsupported` for bags of another kind than MCAP, and for files of bags that are compressed as a whole.
 */
export function parseSourceSpec(spec: string): SourceSpec {
  if (spec.trim() === '') throw bad(spec, 'is empty');
  const [, scheme, rest = ''] = /^([a-z][a-z0-9]+):(.*)$/is.exec(spec) ?? [];
  if (spec === 'sim') return { kind: 'sim', seed: DEFAULT_SEED };
  const [, path = '', packed, topic] = /^(?:(?:file|bag):)?(.*\.(?:mcap|db3|bag)(\.zstd?)?)(?:#(.*))?$/i.exec(spec) ?? [];
  if (/\.mcap$/i.test(path)) return { kind: 'bag', path, ...(topic !== undefined && topic !== '' && { topic }) };
  if (packed !== undefined) {
    throw new SextantError('unsupported', `the source '${spec}' is a recording that is compressed as a whole`, {
      hint: `Decompress it: zstd -d ${path}${/\.mcap\.zstd?$/i.test(path) ? '' : ', then make an MCAP of it: ros2 bag convert'}. MCAP files whose chunks are compressed are played as they are.`, details: { spec },
    });
  }
  if (path !== '') {
    throw new SextantError('unsupported', `the source '${spec}' is a bag of a kind that is not read here`, {
      hint: /bag$/i.test(path) ? 'Make an MCAP of it: rosbags-convert, or ros2 bag convert.' : 'Make an MCAP of it: ros2 bag convert.', details: { spec },
    });
  }
  switch (scheme?.toLowerCase()) {
    case undefined: {
      // Also by the names that stay the same: /dev/v4l/by-id, by-path.
      if (/^\/dev\/(video|v4l\/)/.test(spec)) return { kind: 'v4l2', device: spec };
      const [, folder, topic] = /^(.+)#((?:\/[A-Za-z]\w*)+)$/.exec(spec) ?? [];
      return topic === undefined ? { kind: 'path', path: spec } : { kind: 'bag', path: folder, topic };
    }
    case 'sim': {
      if (rest === '') return { kind: 'sim', seed: DEFAULT_SEED };
      const seed = Number(rest);
      if (!/^\d+$/.test(rest) || seed >= 2 ** 32) throw bad(spec, `has the seed '${rest}', which is not a whole number from 0 to ${2 ** 32 - 1}`);
      return { kind: 'sim', seed };
    }
    case 'bag': {
      const [, folder = '', topic] = /^([^#].*?)(?:#(\/.*)?)?$/.exec(rest) ?? [];
      if (folder === '') throw bad(spec, 'names no recording');
      return { kind: 'bag', path: folder, ...(topic !== undefined && { topic }) };
    }
    case 'dir':
      if (rest === '') throw bad(spec, 'names no folder');
      return { kind: 'pictures', path: rest };
    case 'v4l2':
      return { kind: 'v4l2', device: rest === '' ? '/dev/video0' : rest };
    case 'ros':
    case 'rosbridge':
      if (!/^\/?[A-Za-z~][\w~]*(\/[A-Za-z~][\w~]*)*$/.test(rest)) throw bad(spec, `names no ROS topic: '${rest}'`);
      return { kind: 'ros', transport: scheme?.toLowerCase() === 'ros' ? 'native' : 'rosbridge', topic: rest.startsWith('/') ? rest : `/${rest}` };
    case 'rtsp':
    case 'rtsps':
      return { kind: 'rtsp', url: spec };
    case 'file':
      if (rest === '') throw bad(spec, 'names no file');
      return { kind: 'path', path: rest.replace(/^\/\/(?=\/)/, '') };
    default:
      throw bad(spec, `starts with '${scheme}:', which names no kind of source`);
  }
}
