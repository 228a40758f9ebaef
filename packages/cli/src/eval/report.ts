import type { Modality } from '@sextant/core';

/** Figures by name; a group of figures (`perClass`) is one level down. NaN: nothing could be compared. */
export type Figures = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** What was measured of one task on one set: a `metrics` line of `sextant eval --json`. */
export interface Report {
  readonly task: Modality | 'steadiness' | 'tracking';
  /** `world`, `real`, `synthetic` (rendered films among the items), `camvid`, `clips-dis` or `clips-own` (by whose flow); of tracking `world-people`, `world-skeletons`, `world-things`. */
  readonly set: string;
  /** Scenes or items, and the pictures (for flow: pairs) of them that counted. */
  readonly items: number;
  readonly frames: number;
  /** The model's figures. */
  readonly metrics: Figures;
  /** The same figures, as far as they exist, of programs that hardly look. */
  readonly baselines: Readonly<Record<string, Figures>>;
}

/** Adds another evaluation's figures to each report of the same task and set as a baseline of the name given. */
export function withBaseline(reports: readonly Report[], name: string, others: readonly Pick<Report, 'task' | 'set' | 'metrics'>[]): readonly Report[] {
  return reports.map((report) => {
    const other = others.find(({ task, set }) => task === report.task && set === report.set);
    return other === undefined ? report : { ...report, baselines: { ...report.baselines, [name]: other.metrics } };
  });
}

const text = (value: number | undefined): string => {
  if (value === undefined) return '';
  if (Number.isNaN(value)) return '-';
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 3 : 1);
};

/** A report as lines of a table: one row for the model and one per baseline, a column per figure; groups follow below. */
export function table(report: Report, model: string): readonly string[] {
  const rows: readonly (readonly [string, Figures])[] = [[model, report.metrics], ...Object.entries(report.baselines)];
  const isFigure = (name: string): boolean => rows.some(([, figures]) => typeof figures[name] === 'number');
  const names = [...new Set(rows.flatMap(([, figures]) => Object.keys(figures)))].filter(isFigure);
  const cells = rows.map(([name, figures]) => [name, ...names.map((n) => text(figures[n] as number | undefined))]);
  const all = [['', ...names], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]): string => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd();
  const groups = Object.entries(report.metrics).flatMap(([name, group]) =>
    typeof group === 'number' ? [] : [`  ${name}: ${Object.entries(group).map(([key, value]) => `${key} ${text(value)}`).join(', ')}`]);
  return [`${report.task} on ${report.set}: ${report.items} items, ${report.frames} frames`, ...all.map((row) => `  ${line(row)}`), ...groups];
}
