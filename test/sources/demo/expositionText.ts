/** One sample of a Prometheus exposition. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

/**
 * Reads the text format strictly: HELP and TYPE once and before a family's samples, families in one piece, only names
 * that belong to the family, no series twice. Throws with the line that breaks a rule.
 */
export function parseExposition(text: string): ReadonlyMap<string, ParsedFamily> {
  const families = new Map<string, { type: string; help: string; samples: ParsedSample[] }>();
  const series = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let current = "";
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  for (const line of text.slice(0, -1).split("\n")) {
    const broken = (why: string) => new Error(`${why}: ${line}`);
    const helped = /^# HELP ([a-zA-Z_:][\w:]*) ([^\n]*)$/.exec(line);
    if (helped) {
      help = { name: helped[1] ?? "", text: helped[2] ?? "" };
      continue;
    }
    const typed = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/.exec(line);
    if (typed) {
      current = typed[1] ?? "";
      if (help?.name !== current) throw broken("TYPE without HELP before it");
      if (families.has(current)) throw broken("a family in two pieces");
      families.set(current, { type: typed[2] ?? "", help: help.text, samples: [] });
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{([^\n]*)\})? (\S+)$/.exec(line);
    if (!sample) throw broken("not a sample");
    const [, name = "", labelText = "", valueText = ""] = sample;
    const family = families.get(current);
    if (!family) throw broken("a sample before any family");
    const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (!suffixes.some((suffix) => name === current + suffix)) throw broken(`not a name of ${current}`);
    const labels = parseLabels(labelText, broken);
    const id = `${name}{${[...labels]
      .map((pair) => pair.join("="))
      .sort()
      .join(",")}}`;
    if (series.has(id)) throw broken("a series twice");
    series.add(id);
    const value = valueText === "+Inf" ? Infinity : Number(valueText);
    if (Number.isNaN(value) || value < 0) throw broken("not a value");
    family.samples.push({ name, labels, value });
  }
  return families;
}

function parseLabels(text: string, broken: (why: string) => Error): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  let rest = text;
  while (rest !== "") {
    const pair = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,(?=.)|$)/s.exec(rest);
    if (!pair) throw broken("labels that cannot be read");
    const [whole, name = "", value = ""] = pair;
    if (labels.has(name)) throw broken(`label ${name} twice`);
    labels.set(
      name,
      value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character)),
    );
    rest = rest.slice(whole.length);
  }
  return labels;
}
