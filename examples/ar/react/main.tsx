// Who and what is in the picture, as a React component.
import type { FrameResult } from '@sextant/client';
import { useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { SERVER } from '../server.js';
import { useSextant } from './use-sextant.js';

function App() {
  const { frame, state, error } = useSextant(SERVER, { picture: true, masks: true, skeletons: true });
  const trouble = error ?? ('error' in state ? state.error : undefined);
  return (
    <>
      <h1>Sextant in React</h1>
      <Picture frame={frame} />
      {trouble && <p role="status">{trouble.message}. {trouble.hint}</p>}
      {frame && <p id="people">People in view: {frame.skeletons?.people.length}</p>}
      {frame && <p id="seen">{namesOf(frame).join(', ')}</p>}
    </>
  );
}

function Picture({ frame }: { frame: FrameResult | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { picture, skeletons } = frame ?? {};
    const context = canvas.current?.getContext('2d');
    if (!picture?.bitmap || !context) return;
    Object.assign(context.canvas, { width: picture.width, height: picture.height });
    context.drawImage(picture.bitmap, 0, 0);
    context.scale(picture.width / (skeletons?.width ?? 1), picture.height / (skeletons?.height ?? 1));
    context.strokeStyle = '#4cc2ff';
    for (const { box } of skeletons?.people ?? []) context.strokeRect(...box);
  }, [frame]);
  return <canvas ref={canvas} role="img" aria-label="The camera with a frame around each person" />;
}

/** Names of the classes in view, largest first. */
function namesOf({ masks }: FrameResult): string[] {
  const counts = new Map<number, number>();
  for (const id of masks?.labels ?? []) counts.set(id, (counts.get(id) ?? 0) + 1);
  const largest = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 6);
  return largest.flatMap(([id]) => masks?.classes.find((c) => c.id === id && id !== 0)?.name ?? []);
}

createRoot(document.querySelector('#app')!).render(<App />);
