/** Names of Node 20 that plain JavaScript files may use without importing them. */
const names = `
  AbortController AbortSignal Blob Event EventTarget TextDecoder TextEncoder URL URLSearchParams WebAssembly
  clearInterval clearTimeout console fetch performance queueMicrotask setInterval setTimeout structuredClone
  Buffer __dirname __filename clearImmediate exports global module process require setImmediate`;

export default Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, 'readonly']));
