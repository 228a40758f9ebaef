import type { FrameResult } from '@sextant/client';
import {
  BufferAttribute, BufferGeometry, Color, LineBasicMaterial, LineSegments, LinearSRGBColorSpace, PerspectiveCamera, Points, PointsMaterial, Scene, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { byId, icon, make, setText } from '../dom.js';
import type { Painter } from '../draw/painter.js';
import type { Settings } from '../settings.js';
import { noCloudWords } from '../words.js';
import { cloudColors } from './cloud-colors.js';
import { fieldOfViewOf, frustumLines, pinholeOf, placePoints } from './cloud-geometry.js';
import type { View } from './view.js';

/** Depth as a cloud of coloured points, to be turned with mouse, fingers or arrow keys. Needs WebGL. */
export class CloudView implements View {
  readonly element = make('div', 'cloud-view');
  readonly #painter: Painter;
  readonly #offersDepth: () => boolean;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(55, 4 / 3, 0.01, 1000);
  readonly #controls: OrbitControls;
  readonly #points = new Points(new BufferGeometry(), new PointsMaterial({ size: 2.5, sizeAttenuation: false, vertexColors: true }));
  readonly #frustum = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ color: 0x4f8fb8, transparent: true, opacity: 0.6 }));
  readonly #note = make('p', 'probe');
  readonly #resize: ResizeObserver;
  #pixels = new Uint32Array(0);
  #framed = '';
  #distance = 3;
  #scheduled = false;

  /**
   * @param offersDepth whether the server does now
   * @throws what three.js throws where there is no WebGL
   */
  constructor(painter: Painter, offersDepth: () => boolean) {
    this.#painter = painter;
    this.#offersDepth = offersDepth;
    this.#renderer = new WebGLRenderer({ antialias: true, powerPreference: 'low-power' });
    this.#renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    // Colours come from canvases and go to one: nothing is to be converted on the way.
    this.#renderer.outputColorSpace = LinearSRGBColorSpace;
    this.#scene.background = new Color(0x05070a);
    // Points move as a whole with every frame: their bounds are not worth computing.
    this.#points.frustumCulled = false;
    this.#scene.add(this.#points, this.#frustum);
    const canvas = this.#renderer.domElement;
    canvas.id = 'cloud';
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'Point cloud; drag or use the arrow keys to turn it, plus and minus to come closer');
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enableDamping = false;
    this.#controls.addEventListener('change', () => {
      this.#schedule();
    });
    canvas.addEventListener('keydown', this.#keys);
    canvas.addEventListener('webglcontextlost', () => {
      setText(this.#note, 'The graphics card took the picture away. It comes back by itself, or with a reload.');
    });
    const reset = make('button', 'on-stage', { type: 'button', title: 'Look from the camera again' }, icon('home'), 'Reset view');
    reset.addEventListener('click', () => {
      this.#look();
    });
    this.element.append(canvas, reset, this.#note);
    this.#resize = new ResizeObserver(() => {
      this.#fit();
    });
    this.#resize.observe(this.element);
  }

  draw(frame: FrameResult, settings: Settings): void {
    const { depth } = frame;
    if (depth === undefined) {
      setText(this.#note, noCloudWords(this.#offersDepth()));
      return;
    }
    const { width, height } = depth;
    const geometry = this.#geometry(width * height);
    const positions = geometry.getAttribute('position') as BufferAttribute;
    if (this.#pixels.length !== width * height) this.#pixels = new Uint32Array(width * height);
    const pinhole = pinholeOf(depth, settings.fieldOfView);
    // What is set is for cameras that nobody told of.
    byId<HTMLInputElement>('field-of-view').disabled = pinhole.known;
    const across = fieldOfViewOf(pinhole, width).toFixed(0);
    const { count, median } = placePoints(positions.array as Float32Array, this.#pixels, depth, pinhole);
    geometry.setDrawRange(0, count);
    cloudColors(geometry.getAttribute('color').array as Uint8Array, this.#pixels.subarray(0, count), frame, settings, this.#painter);
    positions.needsUpdate = true;
    geometry.getAttribute('color').needsUpdate = true;
    const shape = `${width}x${height} ${across} ${depth.provenance}`;
    if (count > 0 && this.#framed !== shape) {
      this.#framed = shape;
      this.#distance = median;
      this.#frustum.geometry.setAttribute('position', new BufferAttribute(frustumLines(width, height, pinhole, median * 0.25), 3));
      this.#look();
    }
    const unit = depth.provenance === 'relative' ? 'relative depth, no unit' : `${depth.provenance} depth in metres`;
    setText(this.#note, `${count.toLocaleString('en')} points, ${unit}; field of view ${across}°, ${pinhole.known ? 'the camera\'s own' : 'as set'}`);
    this.#schedule();
  }

  snapshot(): Promise<HTMLCanvasElement> {
    // What was drawn before may be gone already: WebGL keeps it only until the browser has shown it.
    this.#renderer.render(this.#scene, this.#camera);
    const copy = make('canvas');
    copy.width = this.#renderer.domElement.width;
    copy.height = this.#renderer.domElement.height;
    copy.getContext('2d')?.drawImage(this.#renderer.domElement, 0, 0);
    return Promise.resolve(copy);
  }

  close(): void {
    this.#resize.disconnect();
    this.#controls.dispose();
    for (const { geometry, material } of [this.#points, this.#frustum]) {
      geometry.dispose();
      material.dispose();
    }
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  readonly #keys = (event: KeyboardEvent): void => {
    const turn: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    const zoom: Readonly<Record<string, number>> = { '+': 0.9, '=': 0.9, '-': 1 / 0.9 };
    const offset = this.#camera.position.clone().sub(this.#controls.target);
    if (event.key in turn) {
      const [around, over] = turn[event.key];
      const radius = offset.length();
      const azimuth = Math.atan2(offset.x, offset.z) + around;
      const polar = Math.min(Math.PI - 0.05, Math.max(0.05, Math.acos(offset.y / radius) + over));
      offset.setFromSphericalCoords(radius, polar, azimuth);
    } else if (event.key in zoom) offset.multiplyScalar(zoom[event.key]);
    else return;
    event.preventDefault();
    this.#camera.position.copy(this.#controls.target).add(offset);
    this.#controls.update();
    this.#schedule();
  };

  #geometry(points: number): BufferGeometry {
    const { geometry } = this.#points;
    if ((geometry.getAttribute('position') as BufferAttribute | undefined)?.count === points) return geometry;
    geometry.dispose();
    this.#points.geometry = new BufferGeometry();
    this.#points.geometry.setAttribute('position', new BufferAttribute(new Float32Array(points * 3), 3));
    this.#points.geometry.setAttribute('color', new BufferAttribute(new Uint8Array(points * 3), 3, true));
    return this.#points.geometry;
  }

  /** From behind the camera and a little aside, so that it is seen at once that this has depth. */
  #look(): void {
    const d = this.#distance;
    this.#controls.target.set(0, 0, -d);
    this.#camera.position.set(0.45 * d, 0.3 * d, 0.35 * d);
    this.#camera.near = d / 200;
    this.#camera.far = d * 100;
    this.#camera.updateProjectionMatrix();
    this.#controls.update();
    this.#schedule();
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.#schedule();
  }

  /** Renders when something changed, once for each displayed frame. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#renderer.render(this.#scene, this.#camera);
    });
  }
}
