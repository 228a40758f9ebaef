/**
 * The assignment of rows to columns with the smallest sum of costs (Kuhn 1955, Munkres 1957), by shortest augmenting paths
 * with potentials, O(rows^2 * columns). A row stays free (-1) where its costs are not below 1, the price of staying free.
 *
 * @param cost row-major, 0..1; 1 and more forbids the pair
 */
export function assign(cost: Float64Array, rows: number, columns: number): Int32Array {
  const result = new Int32Array(rows).fill(-1);
  if (rows === 0 || columns === 0) return result;
  // The method wants at least as many columns as rows.
  const turned = rows > columns;
  const [n, m] = turned ? [columns, rows] : [rows, columns];
  const at = (i: number, j: number): number => Math.min(1, turned ? cost[j * columns + i] : cost[i * columns + j]);

  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(m + 1);
  const rowOf = new Int32Array(m + 1); // 1-based; column 0 holds the row that is being placed
  const before = new Int32Array(m + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    let column = 0;
    const least = new Float64Array(m + 1).fill(Infinity);
    const used = new Uint8Array(m + 1);
    do {
      used[column] = 1;
      const i = rowOf[column];
      let [delta, next] = [Infinity, 0];
      for (let j = 1; j <= m; j++) {
        if (used[j]) continue;
        const reduced = at(i - 1, j - 1) - rowPotential[i] - columnPotential[j];
        if (reduced < least[j]) [least[j], before[j]] = [reduced, column];
        if (least[j] < delta) [delta, next] = [least[j], j];
      }
      for (let j = 0; j <= m; j++) {
        if (used[j]) {
          rowPotential[rowOf[j]] += delta;
          columnPotential[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[before[column]];
      column = before[column];
    }
  }
  for (let j = 1; j <= m; j++) {
    if (rowOf[j] === 0 || at(rowOf[j] - 1, j - 1) >= 1) continue;
    if (turned) result[j - 1] = rowOf[j] - 1;
    else result[rowOf[j] - 1] = j - 1;
  }
  return result;
}
