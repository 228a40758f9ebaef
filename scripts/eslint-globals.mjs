/** Names that plain JavaScript files may use without importing them: of Node 20, and of a web page. */
const list = (names) => Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, 'readonly']));

const shared = list(`
  AbortController AbortSignal Blob Event EventTarget TextDecoder TextEncoder URL URLSearchParams WebAssembly
  clearInterval clearTimeout console fetch performance queueMicrotask setInterval setTimeout structuredClone`);

export default {
  node: { ...shared, ...list('Buffer __dirname __filename clearImmediate exports global module process require setImmediate') },
  browser: {
    ...shared,
    ...list(`
      DecompressionStream HTMLElement Image ImageBitmap ImageData OffscreenCanvas ResizeObserver WebSocket Worker
      cancelAnimationFrame createImageBitmap customElements document localStorage location navigator
      requestAnimationFrame self window`),
  },
};
