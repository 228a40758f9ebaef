import { dirname, isAbsolute, resolve } from 'node:path';
import { parseSourceSpec } from '@sextant/camera';
import { parseYaml, readText } from './read-yaml.js';
import { pipelineSchema } from './schema.js';
import type { PipelineConfig } from './schema.js';

const FORM = { schema: pipelineSchema, name: 'the configuration', hint: 'launch/README.md describes the keys.' };

/**
 * Reads a pipeline file. Relative paths of what it reads (videos, folders, calibration, model folders, assets) are
 * relative to the file, `record` to the working folder; names (`nano`, `sim:7`, `rtsp://...`) stay.
 * @throws SextantError `bad-config` naming file, line and key; `source-missing` where the file cannot be read.
 */
export async function readPipeline(path: string): Promise<PipelineConfig> {
  const text = await readText(path, { ...FORM, hint: 'launch/ has examples.' });
  return resolvePaths(parsePipeline(text, path), dirname(resolve(path)));
}

/** Validates the text of a pipeline file; `file` is what errors call it. @throws SextantError `bad-config` with a line for each mistake. */
export function parsePipeline(text: string, file: string): PipelineConfig {
  return parseYaml(text, file, FORM).value;
}

function resolvePaths(config: PipelineConfig, folder: string): PipelineConfig {
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const { source, calibration, model, camera } = config;
  return {
    ...config,
    ...(source !== undefined && { source: resolveSource(source, at) }),
    ...(calibration !== undefined && { calibration: at(calibration) }),
    ...(model !== undefined && { model: /[/\\]/.test(model) ? at(model) : model }),
    ...(camera?.assets !== undefined && { camera: { ...camera, assets: at(camera.assets) } }),
  };
}

/** A source whose path, where it has one, is taken by `at`, in words that are taken for the same kind of source. */
function resolveSource(source: string, at: (path: string) => string): string {
  const spec = parseSourceSpec(source);
  switch (spec.kind) {
    case 'pictures':
      return `dir:${at(spec.path)}`;
    case 'bag':
      return `bag:${at(spec.path)}${spec.topic === undefined ? '' : `#${spec.topic}`}`;
    case 'path': {
      const path = at(spec.path);
      return parseSourceSpec(path).kind === 'path' ? path : `file:${path}`;
    }
    default:
      return source;
  }
}
