// A ring that hangs in the room: what is nearer than it hides it. One quad draws the camera's picture and writes its depth
// into the depth buffer; three.js then draws the ring as it would in any scene.
import type { DepthResult } from '@sextant/client';
import {
  DataTexture, DirectionalLight, FloatType, HemisphereLight, Mesh, MeshStandardMaterial, PerspectiveCamera, PlaneGeometry, RedFormat, Scene,
  ShaderMaterial, Texture, TorusGeometry, WebGLRenderer,
} from 'three';
import { connectAndTell } from '../server.js';

const canvas = document.querySelector('canvas')!;
const renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
const camera = new PerspectiveCamera(45, 4 / 3, 0.05, 100);
const room = new ShaderMaterial({
  uniforms: { picture: { value: new Texture() }, metres: { value: new DataTexture() }, projection: { value: camera.projectionMatrix } },
  vertexShader: 'varying vec2 at; void main() { at = vec2(uv.x, 1.0 - uv.y); gl_Position = vec4(position.xy, 0.0, 1.0); }',
  fragmentShader: `
    uniform sampler2D picture, metres; uniform mat4 projection; varying vec2 at;
    void main() {
      gl_FragColor = texture2D(picture, at); // as it is: three.js encodes the light of its own materials, not this
      float z = texture2D(metres, at).r;
      vec4 clip = projection * vec4(0.0, 0.0, -z, 1.0);
      gl_FragDepth = z > 0.0 ? 0.5 * clip.z / clip.w + 0.5 : 1.0; // no depth (sky): behind everything
    }`,
});
const backdrop = new Mesh(new PlaneGeometry(2, 2), room);
backdrop.frustumCulled = false;
const ring = new Mesh(new TorusGeometry(0.55, 0.18, 24, 64), new MeshStandardMaterial({ color: 0xff9440, roughness: 0.4 }));
const scene = new Scene().add(backdrop, ring, new HemisphereLight(0xffffff, 0x8899aa, 3), new DirectionalLight(0xffffff, 2));

const distance = document.querySelector<HTMLInputElement>('#distance')!;
const client = connectAndTell();
for await (const { picture, depth } of client.frames({ picture: true, depth: true })) {
  if (picture?.bitmap === undefined || depth === undefined) continue;
  fit(picture.width, picture.height, depth);
  const uniforms = room.uniforms as { picture: { value: Texture }; metres: { value: Texture } };
  uniforms.picture.value.dispose();
  uniforms.metres.value.dispose();
  uniforms.picture.value = fresh(new Texture(picture.bitmap));
  uniforms.metres.value = fresh(new DataTexture(depth.metres as Float32Array<ArrayBuffer>, depth.width, depth.height, RedFormat, FloatType));
  ring.position.z = -Number(distance.value);
  document.querySelector('#metres')!.textContent = depth.provenance === 'relative' ? `${distance.value} (relative, no unit)` : `${distance.value} m`;
  renderer.render(scene, camera);
  picture.bitmap.close();
}

/** A texture whose image is uploaded at the next rendering, rows from the top. */
function fresh<T extends Texture>(texture: T): T {
  texture.flipY = false;
  texture.needsUpdate = true;
  return texture;
}

/** Takes the picture's size and sees as its camera does: an off-axis frustum, as the principal point is hardly ever in the middle. */
function fit(width: number, height: number, { intrinsics, width: columns, height: rows }: DepthResult): void {
  if (canvas.width !== width || canvas.height !== height) renderer.setSize(width, height, false);
  // A server from before depth told its camera: fx = 0.9 of the width, which is what the model guesses.
  const { fx, fy, cx, cy } = intrinsics ?? { fx: 0.9 * columns, fy: 0.9 * columns, cx: (columns - 1) / 2, cy: (rows - 1) / 2 };
  const { near, far } = camera;
  const [left, right, top, bottom] = [(-0.5 - cx) / fx, (columns - 0.5 - cx) / fx, (cy + 0.5) / fy, (cy + 0.5 - rows) / fy].map((at) => at * near);
  camera.projectionMatrix.makePerspective(left, right, top, bottom, near, far, renderer.coordinateSystem);
  camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert();
}
