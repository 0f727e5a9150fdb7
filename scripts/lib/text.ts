/** Rows as aligned columns, two spaces apart. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string {
  const widths = widthsOf(rows);
  return rows
    .map((row) => (indent + row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')).trimEnd())
    .join('\n');
}

/** The width that a terminal has at least. */
const TERMINAL_COLUMNS = 80;
/** So much of the last column is shown in a line, however wide the others are. */
const LEAST_LAST_COLUMN = 24;

/** As `columns`; the last one goes on below itself where it would not fit into a terminal of 80 columns. */
export function fittingColumns(rows: readonly (readonly string[])[], indent = ''): string {
  const others = widthsOf(rows.map((row) => row.slice(0, -1)));
  const lastStart = others.reduce((sum, width) => sum + width + '  '.length, indent.length);
  const width = Math.max(TERMINAL_COLUMNS - lastStart, LEAST_LAST_COLUMN);
  const broken = rows.flatMap((row) =>
    linesOf(row.at(-1) ?? '', width).map((part, i) => [
      ...row.slice(0, -1).map((cell) => (i === 0 ? cell : '')),
      part,
    ]),
  );
  return columns(broken, indent);
}

/**
 * Paragraphs whose lines are broken anew, to fit a terminal of 80 columns. A line that is indented or has columns
 * (two spaces in it) stays a line of its own, and what of it does not fit goes on below its last column.
 */
export function fitting(text: string): string {
  return joinedParagraphs(text)
    .flatMap((line) => {
      const hang = /^(\s*(?:\S.*?\s{2,})?)/.exec(line)?.[1] ?? '';
      const parts = linesOf(line.slice(hang.length), TERMINAL_COLUMNS - hang.length);
      return parts.map((part, i) => (i === 0 ? hang : ' '.repeat(hang.length)) + part);
    })
    .join('\n');
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return widths;
}

function joinedParagraphs(text: string): string[] {
  const isPlain = (line: string | undefined) => line !== undefined && line !== '' && !/^\s|\s{2}/.test(line);
  const lines: string[] = [];
  let wasPlain = false;
  for (const line of text.split('\n')) {
    if (wasPlain && isPlain(line)) lines.push(`${lines.pop()} ${line}`);
    else lines.push(line);
    wasPlain = isPlain(line);
  }
  return lines;
}

/** A word that is longer than a line has a line of its own. */
function linesOf(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

/** 5 s, 12 min, 3 h 20 min, 2 d 4 h: as much as a reader needs. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
