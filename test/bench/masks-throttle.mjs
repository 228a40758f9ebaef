import { createServer, connect } from 'node:net';

/** A TCP proxy that lets `bytesPerSecond` through towards the client and holds little itself, like a slow line. */
export async function throttled(port, bytesPerSecond) {
  const server = createServer((client) => {
    client.setNoDelay(true);
    const upstream = connect(port, '127.0.0.1');
    upstream.setNoDelay(true);
    client.pipe(upstream);
    const queue = [];
    let queued = 0;
    let budget = 0;
    const timer = setInterval(() => {
      budget = Math.min(budget + bytesPerSecond / 100, bytesPerSecond / 20);
      while (queue.length > 0 && budget > 0) {
        const chunk = queue[0].subarray(0, Math.ceil(budget));
        client.write(chunk);
        budget -= chunk.length;
        queued -= chunk.length;
        if (chunk.length === queue[0].length) queue.shift();
        else queue[0] = queue[0].subarray(chunk.length);
      }
      if (queued < 16384) upstream.resume();
    }, 10);
    upstream.on('data', (chunk) => {
      queue.push(chunk);
      queued += chunk.length;
      if (queued > 16384) upstream.pause();
    });
    const end = () => {
      clearInterval(timer);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, close: () => server.close() };
}
