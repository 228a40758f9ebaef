/** The quads and triangles of a Wavefront OBJ, as stored: separate position and texture indices. */
export interface ObjMesh {
  /** xyz, file units and axes. */
  readonly positions: Float32Array;
  /** uv with v = 0 at the bottom, as in the file. */
  readonly uvs: Float32Array;
  /** Four position indices per face; a triangle repeats its last. */
  readonly faces: Uint32Array;
  readonly faceUvs: Uint32Array;
}

/** Reads v, vt and f lines (faces of 3 or 4 corners, `v/vt` each); everything else is ignored. */
export function parseObj(text: string): ObjMesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const faces: number[] = [];
  const faceUvs: number[] = [];
  for (const line of text.split('\n')) {
    const c = line.charCodeAt(0);
    if (c !== 118 && c !== 102) continue; // v, f
    const parts = line.trim().split(/\s+/);
    if (parts[0] === 'v') positions.push(+parts[1], +parts[2], +parts[3]);
    else if (parts[0] === 'vt') uvs.push(+parts[1], +parts[2]);
    else if (parts[0] === 'f') {
      for (let k = 1; k <= 4; k++) {
        const [v, vt] = parts[Math.min(k, parts.length - 1)].split('/');
        faces.push(+v - 1);
        faceUvs.push(vt ? +vt - 1 : 0);
      }
    }
  }
  return {
    positions: Float32Array.from(positions), uvs: Float32Array.from(uvs),
    faces: Uint32Array.from(faces), faceUvs: Uint32Array.from(faceUvs),
  };
}
