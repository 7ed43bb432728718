import { l10n } from "vscode";
import type {
  Cell,
  ChartOffer,
  Figure,
  FactGroup,
  LevelAction,
  LevelReading,
  LevelTable,
  Origin,
  Suspect,
} from "../../mesh/drilldown/level.ts";
import type { Message } from "../../mesh/message.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import type {
  Level,
  WireAction,
  WireCell,
  WireChartOffer,
  WireFact,
  WireFigure,
  WireLink,
  WireOrigin,
  WireSuspect,
  WireTable,
} from "../../protocol/drilldown/drilldownContract.ts";
import type { ChartThresholds } from "../settings.ts";
import { translate } from "../words.ts";

/** A page is read by a person; a table of more rows than this is cut, and says so. */
const mostRows = 2_000;

/** A reading in the user's language. */
export function wireLevel(
  reading: LevelReading,
  actions: readonly WireAction[],
  thresholds: ChartThresholds = {},
): Level {
  const { at, path, presence, title, state, atMillis, windowSeconds, staleSince, crumbs } = reading;
  return {
    ...{ at, path, presence, title, state, atMillis, windowSeconds, actions },
    subtitle: reading.subtitle.map(inWords).join(" · "),
    reasons: reading.reasons.map(({ words, to }) => ({ words: translate(words), to: to ?? null })),
    crumbs: crumbs.map(({ level, chosen, choices }) => ({ level, chosen: chosen ?? null, choices })),
    figures: reading.figures.map(wireFigure),
    suspects: reading.suspects.map(wireSuspect),
    charts: reading.charts.map((offer) => wireOffer(offer, thresholds)),
    tables: reading.tables.map(wireTable),
    facts: reading.facts.map(wireFacts),
    configuration: reading.configuration.map(wireLink),
    findings: reading.findings.map(({ severity, words, ref }) => {
      return { severity, words: translate(words), link: ref ? wireLink(ref) : null };
    }),
    problems: reading.problems.map(translate),
    staleSince: staleSince ?? NaN,
  };
}

/** What `action.run` and `link.follow` name an object by. */
export function linkId(ref: ObjectRef): string {
  return refId(ref);
}

/** An offer is named by what it draws: a level has each chart once for each direction. */
export function chartId({ chart, direction }: Pick<ChartOffer, "chart" | "direction">): string {
  return direction ? `${chart} ${direction}` : chart;
}

function wireLink(ref: ObjectRef): WireLink {
  const detail = l10n.t("Opens the YAML of {0} {1} in {2}", ref.kind, ref.name, ref.namespace);
  return { id: linkId(ref), title: `${ref.kind} ${ref.name}`, detail };
}

function wireFigure({ id, title, value, unit, limit, request, isIdle, why, origin }: Figure): WireFigure {
  return {
    ...{ id, title: translate(title), value, unit },
    limit: limit ?? NaN,
    request: request ?? NaN,
    isIdle: isIdle === true,
    why: why ? translate(why) : "",
    origin: wireOrigin(origin),
  };
}

export function wireOrigin(origin: Origin | undefined): WireOrigin | null {
  if (!origin) return null;
  return { source: origin.source, queries: [...new Set(origin.provenance.map(({ query }) => query))] };
}

function wireSuspect({ level, to, ref, name, share, reason }: Suspect): WireSuspect {
  return { level, to: to ?? null, id: linkId(ref), name, share, reason: translate(reason) };
}

function wireOffer(offer: ChartOffer, wanted: ChartThresholds): WireChartOffer {
  const { chart, title, unit, direction, groupings, thresholds, lines } = offer;
  const own = chart === "errors" || chart === "latency" ? wanted[chart] : undefined;
  return {
    ...{ id: chartId(offer), chart, title: translate(title), unit, groupings },
    direction: direction ?? null,
    thresholds: (thresholds && own) ?? thresholds ?? null,
    lines: (lines ?? []).map(({ name, value }) => ({ name: translate(name), value })),
  };
}

function wireTable({ id, title, columns, rows, why }: LevelTable): WireTable {
  const cut = l10n.t("The first {0} of {1} are shown.", mostRows, rows.length);
  return {
    ...{ id, title: translate(title) },
    columns: columns.map((column) => ({ ...column, title: translate(column.title) })),
    rows: rows.slice(0, mostRows).map(({ to, ref, cells, share }) => {
      return { to: to ?? null, id: ref ? linkId(ref) : "", cells: cells.map(wireCell), share };
    }),
    why: [...(why ? [translate(why)] : []), ...(rows.length > mostRows ? [cut] : [])].join(" "),
  };
}

function wireCell(cell: Cell): WireCell {
  switch (cell.is) {
    case "text":
    case "time":
      return cell;
    case "words":
      return { is: "text", text: translate(cell.words) };
    case "state":
      return { is: "state", state: cell.state, text: cell.words ? translate(cell.words) : "" };
    case "number": {
      const { value, unit, limit, isIdle } = cell;
      return { is: "number", value, unit, limit: limit ?? NaN, isIdle: isIdle === true };
    }
  }
}

function wireFacts({ title, facts }: FactGroup): Level["facts"][number] {
  return {
    title: translate(title),
    facts: facts.map(({ name, values, atMillis, to }): WireFact => {
      return { name: translate(name), values: values.map(inWords), atMillis: atMillis ?? NaN, to: to ?? null };
    }),
  };
}

function inWords(part: Message | string): string {
  return typeof part === "string" ? part : translate(part);
}

export function actionTitle(action: LevelAction): string {
  switch (action) {
    case "openYaml":
      return l10n.t("Open YAML");
    case "describe":
      return l10n.t("Describe");
    case "validate":
      return l10n.t("Validate");
    case "logs":
      return l10n.t("Logs");
    case "previousLogs":
      return l10n.t("Previous Logs");
    case "copyName":
      return l10n.t("Copy Name");
    case "copyCommand":
      return l10n.t("Copy kubectl Command");
    case "showTopology":
      return l10n.t("View in Topology");
    case "revealInTree":
      return l10n.t("Reveal in Tree");
    case "openPrometheus":
      return l10n.t("Open in Prometheus");
    case "openGrafana":
      return l10n.t("Open in Grafana");
  }
}
