import type { ForeignChart, ForeignSeries, Metadata, MetadataSeverity } from "./providers.ts";

// What a third party answers is foreign input: read field by field, held to sizes, never passed on as it is.

/** Characters of all texts of one answer together. */
export const mostCharacters = 256_000;
export const mostEntries = 200;
export const mostCharts = 12;
export const mostSeries = 50;
export const mostPoints = 11_000;

/** What is wrong with an answer, as a sentence for its card. */
export class UnfitAnswer extends Error {}

/** Reads what a metadata provider gave; undefined says that it knows nothing. Throws an {@link UnfitAnswer}. */
export function readMetadata(answer: unknown): Metadata | undefined {
  if (answer === undefined || answer === null) return undefined;
  const room = new TextRoom();
  const { summary, data, raw, severity, actions } = recordOf(answer, "answer");
  return {
    summary: room.text(summary ?? "", "summary"),
    data: room.texts(data ?? {}, "data"),
    ...(raw === undefined ? {} : { raw: room.texts(raw, "raw") }),
    ...(severity === undefined ? {} : { severity: severityOf(severity) }),
    ...(actions === undefined ? {} : { actions: actionsOf(actions, room) }),
  };
}

/** Reads what a telemetry provider gave. Throws an {@link UnfitAnswer}. */
export function readForeignCharts(answer: unknown): readonly ForeignChart[] {
  if (answer === undefined || answer === null) return [];
  const room = new TextRoom();
  return listOf(answer, "answer", mostCharts).map((chart): ForeignChart => {
    const { title, unit, series } = recordOf(chart, "chart");
    return {
      title: room.text(title, "title"),
      unit: room.text(unit ?? "", "unit"),
      series: listOf(series ?? [], "series", mostSeries).map((each) => seriesOf(each, room)),
    };
  });
}

function seriesOf(value: unknown, room: TextRoom): ForeignSeries {
  const { name, times, values } = recordOf(value, "series");
  const read = {
    name: room.text(name ?? "", "name"),
    times: numbersOf(times, "times"),
    values: numbersOf(values, "values"),
  };
  if (read.times.length !== read.values.length) throw new UnfitAnswer('"times" and "values" differ in length');
  return read;
}

function numbersOf(value: unknown, field: string): readonly number[] {
  return listOf(value, field, mostPoints).map((each) => (typeof each === "number" ? each : NaN));
}

function severityOf(value: unknown): MetadataSeverity {
  if (value === "info" || value === "warning" || value === "error") return value;
  throw new UnfitAnswer('"severity" is none of info, warning, error');
}

function actionsOf(value: unknown, room: TextRoom): NonNullable<Metadata["actions"]> {
  return listOf(value, "actions", mostEntries).map((action) => {
    const { title, command, arguments: given } = recordOf(action, "action");
    return {
      title: room.text(title, "title"),
      command: room.text(command, "command"),
      ...(given === undefined ? {} : { arguments: [...listOf(given, "arguments", mostEntries)] }),
    };
  });
}

function recordOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnfitAnswer(`"${field}" is no object`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown, field: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnfitAnswer(`"${field}" is no list`);
  if (value.length > most) throw new UnfitAnswer(`"${field}" has more than ${most} entries`);
  return value;
}

/** Counts the text of one answer, so that no card grows without an end. */
class TextRoom {
  #left = mostCharacters;

  text(value: unknown, field: string): string {
    if (typeof value !== "string") throw new UnfitAnswer(`"${field}" is no text`);
    this.#left -= value.length;
    if (this.#left < 0) throw new UnfitAnswer(`it is larger than ${mostCharacters / 1000} kB`);
    return value;
  }

  texts(value: unknown, field: string): Readonly<Record<string, string>> {
    const entries = Object.entries(recordOf(value, field));
    if (entries.length > mostEntries) throw new UnfitAnswer(`"${field}" has more than ${mostEntries} entries`);
    // No prototype: a provider may name an entry "__proto__".
    const read = Object.create(null) as Record<string, string>;
    for (const [name, text] of entries) read[this.text(name, field)] = this.text(text, `${field}.${name}`);
    return read;
  }
}
