/**
 * Noise levels from 1 to 0, `steps` + 1 of them: equal steps warped by `shift`, s t / (1 + (s - 1) t), so that with a shift above 1
 * more of them are where it is noisy (Esser et al. 2024, "Scaling Rectified Flow Transformers", equation 23).
 */
export function noiseLevels(steps: number, shift: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, i) => {
    const t = 1 - i / steps;
    return (shift * t) / (1 + (shift - 1) * t);
  });
}
