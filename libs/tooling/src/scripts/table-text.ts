const GAP = '  ';

/** Rows of a table for a terminal: the first cell to the left, the others to the right of their column. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    // A row that says why there is nothing to show has one cell that spans the others.
    Math.max(...rows.map((row) => (row.length === columns || column === 0 ? (row[column] ?? '').length : 0))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        if (column === 0) return cell.padEnd(widths[0] ?? 0);
        return row.length === columns ? cell.padStart(widths[column] ?? 0) : cell;
      })
      .join(GAP);
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
