/**
 * Thins a stream by its stamps: true for the pictures to keep so that on average no more than `hz` per second stay.
 * Without a rate it keeps everything.
 */
export function rateCap(hz: number | undefined): (stamp: bigint) => boolean {
  if (hz === undefined) return () => true;
  const period = BigInt(Math.round(1e9 / hz));
  const early = period / 100n; // stamps jitter; a picture a hair early is the one that was meant
  let due: bigint | undefined;
  return (stamp) => {
    // A clock that jumped back starts anew.
    if (due !== undefined && stamp + 2n * period < due) due = undefined;
    if (due !== undefined && stamp + early < due) return false;
    due = due === undefined || due + period <= stamp ? stamp + period : due + period;
    return true;
  };
}
