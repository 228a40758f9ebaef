// What the pipes of this folder share: errors as lines of JSON on stderr, and readers that have had enough.

/** Tells what went wrong and ends the process: with 2 for a bad argument, else with 1. */
export function fail(code, message, hint) {
  process.stderr.write(`${JSON.stringify({ event: 'error', code, message, hint })}\n`);
  process.exit(code === 'bad-argument' ? 2 : 1);
}

/** A reader that has had enough closes the pipe: that is the normal end of a long stream. */
export function endWithReader() {
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}
