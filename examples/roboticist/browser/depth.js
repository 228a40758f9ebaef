// A page that shows depth and the distance under the pointer: what a robot's own web page would do with roslib.
// ?server=ws://host:port names the Sextant (default: this machine's, port 8420); ?url= is its older name.
/* global document, ImageData, location */
import { Ros, Topic } from 'roslib';

const query = new URLSearchParams(location.search);
const url = query.get('server') ?? query.get('url') ?? 'ws://127.0.0.1:8420';
const [state, canvas, pointer] = ['state', 'depth', 'pointer'].map((id) => document.getElementById(id));
const context = canvas.getContext('2d');
/** Without a picture for so long, milliseconds, what is shown is not now. */
const STALE_MS = 2000;
let shown; // the newest message, its values and where it came from
let shownAt = 0;
let mouse;

function say(text, good = false) {
  state.textContent = text;
  state.classList.toggle('bad', !good);
}

const ros = new Ros();
ros.on('error', () => say(`no Sextant at ${url}`));
ros.on('close', () => say('the connection is lost; reload to try again'));
ros.on('connection', () => say('connected, waiting for depth'));
const topic = (name) => new Topic({ ros, name: `/sextant/depth/${name}`, messageType: 'sensor_msgs/Image', compression: 'cbor', queue_length: 1 });
// One of the two comes: metres where the scale is known, else depth without a unit.
topic('image').subscribe((message) => draw(message, 'm'));
topic('relative').subscribe((message) => draw(message, ''));
ros.connect(url).catch(() => {});

/** 32FC1 (NaN: none) or 16UC1 millimetres (0: none) as numbers; NaN where there is no depth. */
function valuesOf({ width, height, step, encoding, is_bigendian: bigEndian, data }) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float32Array.from({ length: width * height }, (_, i) => {
    const at = Math.floor(i / width) * step;
    const value = encoding === '16UC1' ? view.getUint16(at + 2 * (i % width), !bigEndian) / 1000 : view.getFloat32(at + 4 * (i % width), !bigEndian);
    return value > 0 && Number.isFinite(value) ? value : NaN;
  });
}

function draw(message, unit) {
  const { width, height, header } = message;
  const values = valuesOf(message);
  const sorted = values.filter((v) => v > 0).sort();
  const [near, far] = [sorted[Math.floor(0.02 * sorted.length)], sorted[Math.floor(0.98 * sorted.length)]];
  const picture = new ImageData(width, height);
  values.forEach((value, i) => {
    // Near is bright and warm, far is dark and blue, nothing is black. By inverse depth: what matters is near.
    const t = value > 0 ? Math.min(1, Math.max(0, (1 / value - 1 / far) / (1 / near - 1 / far || 1))) : NaN;
    picture.data.set(t >= 0 ? [40 + 215 * t, 30 + 190 * t ** 2, 110 * (1 - t) + 30, 255] : [0, 0, 0, 255], 4 * i);
  });
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.putImageData(picture, 0, 0);
  shown = { values, width, height, unit };
  shownAt = performance.now();
  const stamp = (header.stamp.sec + header.stamp.nanosec / 1e9).toFixed(3);
  if (unit === 'm') say(`${stamp} s: ${near?.toFixed(2) ?? '-'} to ${far?.toFixed(2) ?? '-'} m`, true);
  else say(`${stamp} s: depth is relative, no metres: calibrate the camera or give a scale`);
  point();
}

function point() {
  if (!shown || !mouse) return;
  const value = shown.values[Math.floor(mouse.y * shown.height) * shown.width + Math.floor(mouse.x * shown.width)];
  pointer.textContent = value > 0 ? (shown.unit === 'm' ? `${value.toFixed(2)} m` : `${value.toFixed(2)} (relative)`) : 'no depth';
}

canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
  mouse = { x: Math.min(0.999, Math.max(0, offsetX / canvas.clientWidth)), y: Math.min(0.999, Math.max(0, offsetY / canvas.clientHeight)) };
  point();
});
setInterval(() => {
  if (shown && performance.now() - shownAt > STALE_MS && ros.isConnected) say(`no depth for ${((performance.now() - shownAt) / 1000).toFixed(0)} s: what is shown is old`);
}, 500);
