/** How a proxy's vertices (clothes, hair, a low-polygon body) hang on the base mesh's. */
export interface Binding {
  readonly count: number;
  /** Three base vertices per vertex, their weights (sum 1, may be negative) and an offset in units of `scales`. */
  readonly vertices: Uint32Array;
  readonly weights: Float32Array;
  readonly offsets: Float32Array;
  /** Per axis x, y, z: base vertices p, q and the length n such that scale = |X[p] - X[q]| / n along that axis. */
  readonly scales: readonly (readonly [p: number, q: number, n: number] | undefined)[];
  /** 1 for base vertices that this hides. */
  readonly hidden: Uint8Array;
}

/** Reads a .mhclo or .proxy file. `baseCount`: number of vertices of the base mesh. */
export function parseBinding(text: string, baseCount: number): Binding {
  const vertices: number[] = [];
  const weights: number[] = [];
  const offsets: number[] = [];
  const scales: [number, number, number][] = [];
  const hidden = new Uint8Array(baseCount);
  let section: 'head' | 'verts' | 'hidden' = 'head';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line[0] === '#') continue;
    const words = line.split(/\s+/);
    const first = words[0];
    if (first === 'verts') section = 'verts';
    else if (first === 'delete_verts') section = 'hidden';
    else if (/^[xyz]_scale$/.test(first)) scales['xyz'.indexOf(first[0])] = [+words[1], +words[2], +words[3]];
    else if (/^[-+.\d]/.test(first) && section === 'verts') {
      // Other keywords may stand between `verts 0` and the numbers; one index alone means that very vertex.
      const n = words.map(Number);
      if (n.length === 1) {
        vertices.push(n[0], n[0], n[0]);
        weights.push(1, 0, 0);
        offsets.push(0, 0, 0);
      } else {
        vertices.push(n[0], n[1], n[2]);
        weights.push(n[3], n[4], n[5]);
        offsets.push(n[6] ?? 0, n[7] ?? 0, n[8] ?? 0);
      }
    } else if (/^\d/.test(first) && section === 'hidden') {
      for (const [, a, b] of line.matchAll(/(\d+)(?:\s*-\s*(\d+))?/g)) hidden.fill(1, +a, +(b ?? a) + 1);
    }
  }
  return {
    count: vertices.length / 3, vertices: Uint32Array.from(vertices), weights: Float32Array.from(weights),
    offsets: Float32Array.from(offsets), scales, hidden,
  };
}

/** Positions of the bound vertices on a morphed base mesh `base` (xyz, file units and axes). Fresh. */
export function fit(binding: Binding, base: Float32Array): Float32Array {
  const out = new Float32Array(3 * binding.count);
  const scale = [0, 1, 2].map((k) => {
    const s = binding.scales[k];
    return s ? Math.abs(base[3 * s[0] + k] - base[3 * s[1] + k]) / s[2] : 1;
  });
  const { vertices, weights, offsets } = binding;
  for (let i = 0; i < 3 * binding.count; i += 3) {
    const a = 3 * vertices[i], b = 3 * vertices[i + 1], c = 3 * vertices[i + 2];
    const u = weights[i], v = weights[i + 1], w = weights[i + 2];
    for (let k = 0; k < 3; k++) {
      out[i + k] = u * base[a + k] + v * base[b + k] + w * base[c + k] + offsets[i + k] * scale[k];
    }
  }
  return out;
}
