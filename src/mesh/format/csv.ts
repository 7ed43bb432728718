/** What a cell of a CSV holds; undefined and numbers that are none are empty cells. */
export type CsvCell = string | number | undefined;

/** One table as RFC 4180 has it: commas, CRLF after each row, quotes where a text needs them. */
export function csvText(rows: Iterable<readonly CsvCell[]>): string {
  let text = "";
  for (const row of rows) text += `${row.map(cellText).join(",")}\r\n`;
  return text;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front. */
function cellText(value: CsvCell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = /^\s*[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
