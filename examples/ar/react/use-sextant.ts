import { connect } from '@sextant/client';
import type { ConnectionState, FrameOptions, FrameResult } from '@sextant/client';
import { useEffect, useState } from 'react';

/**
 * The newest frame of a Sextant server, and how the connection stands. Asks for what `options` name while the component is
 * mounted, closes the connection after. A frame's picture is closed when the next one comes: draw it in an effect, do not keep it.
 */
export function useSextant(url: string, options: FrameOptions): { frame?: FrameResult; state: ConnectionState } {
  const [frame, setFrame] = useState<FrameResult>();
  const [state, setState] = useState<ConnectionState>({ kind: 'connecting', attempt: 1 });
  const key = JSON.stringify(options);
  useEffect(() => {
    let shown: FrameResult | undefined;
    const client = connect(url);
    client.state$.subscribe(setState);
    client.frames(JSON.parse(key) as FrameOptions).subscribe({
      next: (next) => {
        shown?.picture?.bitmap?.close();
        shown = next;
        setFrame(next);
      },
      error: () => {}, // `state` has said it
    });
    return () => {
      client.close();
      shown?.picture?.bitmap?.close();
    };
  }, [url, key]);
  return { ...(frame && { frame }), state };
}
