/** The longest that a timer of Node waits, 24.8 days; a longer one rings at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `then` after `ms` milliseconds, however many these are; returns what calls it off. */
export function longTimer(ms: number, then: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer = setTimeout(() => {
      if (left > LONGEST_MS) wait(left - LONGEST_MS);
      else then();
    }, Math.min(left, LONGEST_MS));
  };
  wait(ms);
  return () => {
    clearTimeout(timer);
  };
}
