import type { CodecSpec } from '../manifest/schema.js';
import type { NamedTensor } from '../runtime/tensor.js';

/**
 * One answer of several views, each in the terms of the first (`toFirstView`): the mean of (logarithms of) depth, of motion, of logits and of
 * offsets; for ids the one with most probability behind it (DensePose parts: with most views, of equal ones the first's), u and v the mean
 * over the views that say that part. Returns fresh arrays.
 */
export function combine(codec: CodecSpec, views: readonly (readonly NamedTensor[])[]): NamedTensor[] {
  if (codec.type === 'labels') return labels(views);
  if (codec.type === 'part-uv') return parts(views);
  return views[0].map((_, at) => mean(views.map((outputs) => outputs[at])));
}

function mean(outputs: readonly NamedTensor[]): NamedTensor {
  const data = new Float32Array(outputs[0].data.length);
  for (const output of outputs) floats(output).forEach((value, i) => (data[i] += value / outputs.length));
  return { ...outputs[0], data };
}

function labels(views: readonly (readonly NamedTensor[])[]): NamedTensor[] {
  const [ids, sure] = [views.map(([id]) => bytes(id)), views.map(([, confidence]) => floats(confidence))];
  const [id, confidence] = [new Uint8Array(ids[0].length), new Float32Array(ids[0].length)];
  for (let i = 0; i < id.length; i++) {
    for (let v = 0; v < ids.length; v++) {
      let sum = 0;
      for (let other = 0; other < ids.length; other++) if (ids[other][i] === ids[v][i]) sum += sure[other][i];
      if (sum <= confidence[i]) continue;
      [id[i], confidence[i]] = [ids[v][i], sum];
    }
    confidence[i] /= ids.length;
  }
  return [{ ...views[0][0], data: id }, { ...views[0][1], data: confidence }];
}

function parts(views: readonly (readonly NamedTensor[])[]): NamedTensor[] {
  const [ids, charts] = [views.map(([id]) => bytes(id)), views.map(([, uv]) => floats(uv))];
  const n = ids[0].length;
  const [id, uv] = [new Uint8Array(n), new Float32Array(2 * n)];
  for (let i = 0; i < n; i++) {
    let most = 0;
    for (const said of ids) {
      const votes = ids.reduce((sum, other) => sum + (other[i] === said[i] ? 1 : 0), 0);
      if (votes <= most) continue;
      [id[i], most] = [said[i], votes];
    }
    for (let v = 0; v < ids.length; v++) {
      if (ids[v][i] !== id[i]) continue;
      uv[i] += charts[v][i] / most;
      uv[n + i] += charts[v][n + i] / most;
    }
  }
  const more = views[0].slice(2).map((_, at) => mean(views.map((outputs) => outputs[at + 2])));
  return [{ ...views[0][0], data: id }, { ...views[0][1], data: uv }, ...more];
}

const floats = ({ data }: NamedTensor): Float32Array => data as unknown as Float32Array;
const bytes = ({ data }: NamedTensor): Uint8Array => data as unknown as Uint8Array;
