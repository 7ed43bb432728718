import { levelActions, levelNames, type LevelPath, type LevelRef } from "../../src/mesh/drilldown/level.ts";
import { groupings, resourceCharts, trafficCharts, units } from "../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { Readers } from "../../src/protocol/connect.ts";
import type {
  ChartSet,
  DrilldownContract,
  DrilldownFacts,
  Level,
  WireCard,
  WireCell,
  WireChart,
  WireChartOffer,
  WireChoice,
  WireCrumb,
  WireFact,
  WireFigure,
  WireLink,
  WireOrigin,
  WireSuspect,
  WireTable,
} from "../../src/protocol/drilldown/drilldownContract.ts";
import {
  columnIn,
  fieldsOf,
  flagIn,
  listIn,
  nothing,
  numberIn,
  numbersIn,
  oneOf,
  textIn,
  textsByName,
  textsIn,
  wordsIn,
} from "../shared/readFields.ts";

const healths = ["healthy", "degraded", "failing", "idle", "unknown"] as const;
const severities = ["info", "warning", "error"] as const;
const presences = ["there", "gone", "unreadable"] as const;
const charts = [...trafficCharts, ...resourceCharts] as const;
const suspectLevels = [...levelNames, "rule", "policy"] as const;

export const readers: Readers<DrilldownContract> = {
  results: {
    "page.open": readFacts,
    "level.load": readLevel,
    "charts.load": readChartSet,
    "cards.load": (value) => {
      const fields = fieldsOf(value);
      return { cards: listIn(fields, "cards").map(readCard), charts: readChartSet(fields["charts"]) };
    },
    ...{ "action.run": nothing, "link.follow": nothing, "text.copy": nothing, "query.open": nothing },
    "csv.save": (value) => ({ saved: flagIn(fieldsOf(value), "saved") }),
    "way.take": nothing,
  },
  events: {
    "path.show": (value) => ({ path: readPath(fieldsOf(value)["path"]) }),
    "mesh.changed": (value) => ({ meshId: textIn(fieldsOf(value), "meshId") }),
    "level.changed": () => ({}),
  },
};

function readFacts(value: unknown): DrilldownFacts {
  const fields = fieldsOf(value);
  const { retentionSeconds, path } = fields;
  return {
    ...wordsIn(fields, ["meshId", "meshName", "locale"]),
    translations: textsByName(fields["translations"]),
    isDemo: flagIn(fields, "isDemo"),
    retentionSeconds: retentionSeconds === null ? null : numberIn(fields, "retentionSeconds"),
    defaults: numbersIn(fieldsOf(fields["defaults"]), ["windowSeconds", "refreshSeconds", "rangeSeconds"]),
    path: path === null ? null : readPath(path),
  };
}

function readLevel(value: unknown): Level {
  const fields = fieldsOf(value);
  return {
    at: readLevelRef(fields["at"]),
    path: readPath(fields["path"]),
    presence: oneOf(presences, fields["presence"], "presence"),
    ...wordsIn(fields, ["title", "subtitle"]),
    state: oneOf(healths, fields["state"], "state"),
    reasons: listIn(fields, "reasons").map((reason) => {
      const part = fieldsOf(reason);
      return { words: textIn(part, "words"), to: refOrNull(part["to"]) };
    }),
    crumbs: listIn(fields, "crumbs").map(readCrumb),
    figures: listIn(fields, "figures").map(readFigure),
    suspects: listIn(fields, "suspects").map(readSuspect),
    charts: listIn(fields, "charts").map(readOffer),
    tables: listIn(fields, "tables").map(readTable),
    facts: listIn(fields, "facts").map((group) => {
      const part = fieldsOf(group);
      return { title: textIn(part, "title"), facts: listIn(part, "facts").map(readFact) };
    }),
    configuration: listIn(fields, "configuration").map(readLink),
    findings: listIn(fields, "findings").map((finding) => {
      const part = fieldsOf(finding);
      const severity = oneOf(severities, part["severity"], "severity");
      return { severity, words: textIn(part, "words"), link: part["link"] === null ? null : readLink(part["link"]) };
    }),
    actions: listIn(fields, "actions").map((action) => {
      const part = fieldsOf(action);
      return { action: oneOf(levelActions, part["action"], "action"), ...wordsIn(part, ["title", "detail"]) };
    }),
    problems: textsIn(fields, "problems"),
    ...numbersIn(fields, ["atMillis", "windowSeconds", "staleSince"]),
  };
}

function readCrumb(value: unknown): WireCrumb {
  const fields = fieldsOf(value);
  return {
    level: oneOf(levelNames, fields["level"], "level"),
    chosen: fields["chosen"] === null ? null : readChoice(fields["chosen"]),
    choices: listIn(fields, "choices").map(readChoice),
  };
}

function readChoice(value: unknown): WireChoice {
  const fields = fieldsOf(value);
  return {
    to: readLevelRef(fields["to"]),
    name: textIn(fields, "name"),
    state: oneOf(healths, fields["state"], "state"),
  };
}

function readFigure(value: unknown): WireFigure {
  const fields = fieldsOf(value);
  return {
    ...wordsIn(fields, ["id", "title", "why"]),
    ...numbersIn(fields, ["value", "limit", "request"]),
    unit: oneOf(units, fields["unit"], "unit"),
    isIdle: flagIn(fields, "isIdle"),
    origin: originOrNull(fields["origin"]),
  };
}

function readSuspect(value: unknown): WireSuspect {
  const fields = fieldsOf(value);
  return {
    level: oneOf(suspectLevels, fields["level"], "level"),
    to: refOrNull(fields["to"]),
    ...wordsIn(fields, ["id", "name", "reason"]),
    share: numberIn(fields, "share"),
  };
}

function readOffer(value: unknown): WireChartOffer {
  const fields = fieldsOf(value);
  const { direction, thresholds } = fields;
  return {
    ...wordsIn(fields, ["id", "title"]),
    chart: oneOf(charts, fields["chart"], "chart"),
    unit: oneOf(units, fields["unit"], "unit"),
    direction: direction === null ? null : oneOf(["inbound", "outbound"], direction, "direction"),
    groupings: listIn(fields, "groupings").map((grouping) => oneOf(groupings, grouping, "grouping")),
    thresholds: thresholds === null ? null : readThresholds(thresholds),
    lines: listIn(fields, "lines").map((line) => {
      const part = fieldsOf(line);
      return { name: textIn(part, "name"), value: numberIn(part, "value") };
    }),
  };
}

function readThresholds(value: unknown): readonly [number, number] {
  const [warning, error] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof warning !== "number" || typeof error !== "number") throw new TypeError("thresholds are no two numbers");
  return [warning, error];
}

function readTable(value: unknown): WireTable {
  const fields = fieldsOf(value);
  return {
    ...wordsIn(fields, ["id", "title", "why"]),
    columns: listIn(fields, "columns").map((column) => {
      const part = fieldsOf(column);
      return { ...wordsIn(part, ["id", "title"]), isNumber: flagIn(part, "isNumber") };
    }),
    rows: listIn(fields, "rows").map((row) => {
      const part = fieldsOf(row);
      const cells = listIn(part, "cells").map(readCell);
      return { to: refOrNull(part["to"]), id: textIn(part, "id"), cells, share: numberIn(part, "share") };
    }),
  };
}

function readCell(value: unknown): WireCell {
  const fields = fieldsOf(value);
  switch (fields["is"]) {
    case "text":
      return { is: "text", text: textIn(fields, "text") };
    case "state":
      return { is: "state", state: oneOf(healths, fields["state"], "state"), text: textIn(fields, "text") };
    case "time":
      return { is: "time", atMillis: numberIn(fields, "atMillis") };
    case "number":
      return {
        is: "number",
        ...numbersIn(fields, ["value", "limit"]),
        unit: oneOf(units, fields["unit"], "unit"),
        isIdle: flagIn(fields, "isIdle"),
      };
    default:
      throw new TypeError("a cell is of no known kind");
  }
}

function readFact(value: unknown): WireFact {
  const fields = fieldsOf(value);
  return {
    name: textIn(fields, "name"),
    values: textsIn(fields, "values"),
    atMillis: numberIn(fields, "atMillis"),
    to: refOrNull(fields["to"]),
  };
}

function readCard(value: unknown): WireCard {
  const fields = fieldsOf(value);
  const pairs = (name: string) => listIn(fields, name).map((pair) => wordsIn(fieldsOf(pair), ["name", "value"]));
  return {
    ...wordsIn(fields, ["providerId", "summary", "failure"]),
    severity: oneOf(severities, fields["severity"], "severity"),
    data: pairs("data"),
    raw: pairs("raw"),
    actions: listIn(fields, "actions").map((action) => wordsIn(fieldsOf(action), ["id", "title"])),
  };
}

function readChartSet(value: unknown): ChartSet {
  const fields = fieldsOf(value);
  const times = columnIn(fields, "times");
  return { times, charts: listIn(fields, "charts").map((chart) => readChart(chart, times.length)) };
}

function readChart(value: unknown, length: number): WireChart {
  const fields = fieldsOf(value);
  const names = textsIn(fields, "names");
  const points = columnIn(fields, "points");
  if (points.length !== names.length * length) throw new TypeError("a chart has another length than its times");
  return {
    ...wordsIn(fields, ["id", "foreignUnit", "title"]),
    by: oneOf(groupings, fields["by"], "by"),
    unit: oneOf(units, fields["unit"], "unit"),
    names,
    points,
    origin: originOrNull(fields["origin"]),
    why: textsIn(fields, "why"),
  };
}

function readLink(value: unknown): WireLink {
  return wordsIn(fieldsOf(value), ["id", "title", "detail"]);
}

function originOrNull(value: unknown): WireOrigin | null {
  if (value === null) return null;
  const fields = fieldsOf(value);
  return { source: textIn(fields, "source"), queries: textsIn(fields, "queries") };
}

function readPath(value: unknown): LevelPath {
  if (!Array.isArray(value)) throw new TypeError("a path is no list");
  return value.map(readLevelRef);
}

function refOrNull(value: unknown): LevelRef | null {
  return value === null ? null : readLevelRef(value);
}

function readLevelRef(value: unknown): LevelRef {
  const fields = fieldsOf(value);
  const ref = wordsIn(fieldsOf(fields["ref"]), ["cluster", "group", "kind", "namespace", "name"]);
  return { level: oneOf(levelNames, fields["level"], "level"), ref };
}
