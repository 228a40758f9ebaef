import { SextantError, connect } from '@sextant/client';
import type { Client, ConnectionState, FrameOptions, FrameResult } from '@sextant/client';
import { useEffect, useState } from 'react';

/**
 * The newest frame of a Sextant server, how the connection stands, and why no more frames come (`error`: they are refused, ...). Asks for what `options` name while the component is
 * mounted, closes the connection after. A frame's picture is closed once the next one is on the page: draw it in an effect, do not keep it.
 */
export function useSextant(url: string, options: FrameOptions): { frame?: FrameResult; state: ConnectionState; error?: SextantError } {
  const [frame, setFrame] = useState<FrameResult>();
  const [state, setState] = useState<ConnectionState>({ kind: 'connecting', attempt: 1 });
  const [error, setError] = useState<SextantError>();
  const key = JSON.stringify(options);
  useEffect(() => {
    setError(undefined);
    let client: Client;
    try {
      client = connect(url);
    } catch (error) {
      setState({ kind: 'failed', error: SextantError.from(error) }); // no address: told like a server that is not there
      return;
    }
    client.state$.subscribe(setState);
    client.frames(JSON.parse(key) as FrameOptions).subscribe({ next: setFrame, error: (thrown) => setError(SextantError.from(thrown)) });
    return () => {
      client.close();
    };
  }, [url, key]);
  // Not when the next frame comes but when it is on the page: until then the effects of this one may still have to draw it. Frames
  // that React passes over are left to the garbage collector.
  useEffect(() => () => frame?.picture?.bitmap?.close(), [frame]);
  return { ...(frame && { frame }), state, ...(error && { error }) };
}
