import { readFile, rename, writeFile } from 'node:fs/promises';
import { SextantError } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import { LineCounter, isMap, isNode, parseDocument, stringify } from 'yaml';
import type { Document } from 'yaml';
import { IDENTITY, projectionOf } from '../rectify/rectified-camera.js';
import { cameraInfoSchema } from './camera-info-schema.js';

const HINT = 'Write it as ROS camera_calibration does; calibration/README.md describes the fields.';

/** The line of the deepest node on `path` that is in the document: where a missing field should have been. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const keys = path.slice(0, depth) as (string | number)[];
    const node = document.getIn(keys, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    // A field without a value has no node of its own; its key has.
    const parent = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(keys.at(-1))) : undefined;
    if (pair && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  }
  return 1;
}

/**
 * Parses the text of a ROS camera_calibration YAML file; `file` names it in errors. The result is `calibrated`; plumb_bob with zeros is no lens.
 *
 * @throws SextantError `bad-config` with file, line and field in the message and as details.
 */
export function parseCameraInfo(text: string, file: string): CameraModel {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (line: number, field: string, problem: string): SextantError =>
    new SextantError('bad-config', `${file}:${line}: ${field === '' ? '' : `${field}: `}${problem}`, { hint: HINT, details: { file, line, field } });

  const [syntax] = document.errors;
  if (syntax !== undefined) throw fail(syntax.linePos?.[0].line ?? 1, '', syntax.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, ''));
  const checked = cameraInfoSchema.safeParse(document.toJS());
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const missing = issue.code === 'invalid_type' && document.getIn(issue.path as (string | number)[]) === undefined;
    throw fail(lineOf(document, lines, issue.path), issue.path.join('.'), missing ? 'is missing' : issue.message);
  }
  const info = checked.data;
  const k = info.camera_matrix.data;
  return {
    width: info.image_width,
    height: info.image_height,
    ...info.lens,
    k,
    r: info.rectification_matrix?.data ?? IDENTITY,
    p: info.projection_matrix?.data ?? projectionOf(k),
    provenance: 'calibrated',
  };
}

/**
 * Reads the intrinsics of a camera from a ROS camera_calibration YAML file.
 *
 * @throws SextantError `source-missing` when the file cannot be read, `bad-config` naming file, line and field when
 * it does not say what it must.
 */
export async function readCameraInfo(path: string): Promise<CameraModel> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SextantError('source-missing', `the calibration ${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'Give the path of a camera_calibration YAML file, or leave the calibration out.',
      details: { path },
      cause,
    });
  }
  return parseCameraInfo(text, path);
}

/** The text of a camera_calibration file for `camera`, readable by ROS and by `parseCameraInfo`. */
export function formatCameraInfo(camera: CameraModel, name = 'camera'): string {
  const matrix = (rows: number, data: readonly number[]) => ({ rows, cols: data.length / rows, data });
  // ROS's image_geometry takes 'none' for a lens it does not know: an ideal pinhole is plumb_bob with zeros.
  const { distortionModel, d } = camera.distortionModel === 'none' ? { distortionModel: 'plumb_bob', d: [0, 0, 0, 0, 0] } : camera;
  const file = {
    image_width: camera.width,
    image_height: camera.height,
    camera_name: name,
    camera_matrix: matrix(3, camera.k),
    distortion_model: distortionModel,
    distortion_coefficients: matrix(1, d),
    rectification_matrix: matrix(3, camera.r),
    projection_matrix: matrix(3, camera.p),
  };
  const document = parseDocument(stringify(file));
  for (const key of Object.keys(file)) {
    const data = document.getIn([key, 'data'], true);
    if (isNode(data)) (data as { flow?: boolean }).flow = true; // numbers of a matrix in one line, as ROS writes them
  }
  return document.toString({ lineWidth: 0 });
}

/**
 * Writes the intrinsics of a camera as a ROS camera_calibration YAML file. The file is whole or not there.
 *
 * @throws SextantError `io` when it cannot be written.
 */
export async function writeCameraInfo(path: string, camera: CameraModel, name?: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, formatCameraInfo(camera, name));
    await rename(part, path);
  } catch (cause) {
    throw new SextantError('io', `the calibration ${path} cannot be written: ${(cause as Error).message}`, {
      hint: 'Check that the folder exists and may be written to.',
      details: { path },
      cause,
    });
  }
}
