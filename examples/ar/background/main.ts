// People cut out of the camera and put before another background.
import { maskBitmap } from '@sextant/client';
import { connectAndTell } from '../server.js';

const canvas = document.querySelector('canvas')!;
const context = canvas.getContext('2d')!;
const cutOut = new OffscreenCanvas(1, 1);
const scissors = cutOut.getContext('2d')!;

const client = connectAndTell();
for await (const { picture, masks } of client.frames({ picture: true, masks: { classes: ['person'], instances: false } })) {
  if (picture?.bitmap === undefined || masks === undefined) continue;
  const { width, height } = picture;
  for (const sheet of [canvas, cutOut]) if (sheet.width !== width || sheet.height !== height) Object.assign(sheet, { width, height });

  // The mask as a picture that is opaque on people; stretched to the camera's size its edges become soft.
  const people = await maskBitmap(masks);
  scissors.globalCompositeOperation = 'copy';
  scissors.drawImage(people, 0, 0, width, height);
  scissors.globalCompositeOperation = 'source-in';
  scissors.drawImage(picture.bitmap, 0, 0);
  people.close();
  picture.bitmap.close();

  drawBackground(context, width, height);
  context.drawImage(cutOut, 0, 0);
}

/** An evening sky; take any picture instead. */
function drawBackground(on: CanvasRenderingContext2D, width: number, height: number): void {
  const sky = on.createLinearGradient(0, 0, 0, height);
  for (const [at, color] of [[0, '#10204a'], [0.55, '#3d5a9e'], [0.8, '#f2a65a'], [1, '#1c2b22']] as const) sky.addColorStop(at, color);
  on.fillStyle = sky;
  on.fillRect(0, 0, width, height);
}
