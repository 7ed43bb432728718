import type { Readers } from "../../src/protocol/connect.ts";
import { readSnapshot } from "../../src/protocol/topology/readSnapshot.ts";
import {
  menuActs,
  type Details,
  type DetailSeries,
  type PageFacts,
  type Target,
  type TopologyContract,
} from "../../src/protocol/topology/topologyContract.ts";
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

// What the editor sends is looked at before it is drawn: a host of another version must give an error, not nonsense.

const healths = ["healthy", "degraded", "failing", "idle", "unknown"] as const;
const severities = ["info", "warning", "error"] as const;
const targetKinds = ["node", "edge", "box"] as const;

export const readers: Readers<TopologyContract> = {
  results: {
    "page.open": readFacts,
    "graph.load": readSnapshot,
    "graph.mark": readSnapshot,
    "graph.complete": (value) => {
      const fields = fieldsOf(value);
      return { from: numberIn(fields, "from"), words: textsIn(fields, "words") };
    },
    "details.load": readDetails,
    "details.series": readSeries,
    "graph.export": (value) => ({ saved: flagIn(fieldsOf(value), "saved") }),
    ...{ "link.follow": nothing, "text.copy": nothing, "positions.save": nothing },
    ...{ "way.take": nothing },
  },
  events: {
    "focus.show": readTarget,
    "mesh.changed": (value) => ({ meshId: textIn(fieldsOf(value), "meshId") }),
    "menu.act": (value) => {
      const fields = fieldsOf(value);
      return { act: oneOf(menuActs, fields["act"], "act"), target: readTarget(fields["target"]) };
    },
  },
};

function readFacts(value: unknown): PageFacts {
  const fields = fieldsOf(value);
  const defaults = fieldsOf(fields["defaults"]);
  const { focus, retentionSeconds } = fields;
  return {
    ...{ meshId: textIn(fields, "meshId"), meshName: textIn(fields, "meshName"), locale: textIn(fields, "locale") },
    translations: textsByName(fields["translations"]),
    positions: { nodes: readPositions(fieldsOf(fields["positions"])["nodes"]) },
    focus: focus === null ? null : readTarget(focus),
    isDemo: flagIn(fields, "isDemo"),
    retentionSeconds: retentionSeconds === null ? null : numberIn(fields, "retentionSeconds"),
    defaults: {
      windowSeconds: numberIn(defaults, "windowSeconds"),
      refreshSeconds: numberIn(defaults, "refreshSeconds"),
    },
    namespaces: textsIn(fields, "namespaces"),
  };
}

function readDetails(value: unknown): Details {
  const fields = fieldsOf(value);
  const { latency } = fields;
  const quantiles = latency === null ? null : fieldsOf(latency);
  return {
    target: readTarget(fields["target"]),
    title: textIn(fields, "title"),
    subtitle: textIn(fields, "subtitle"),
    state: oneOf(healths, fields["state"], "state"),
    reasons: textsIn(fields, "reasons"),
    inbound: listIn(fields, "inbound").map(readFlow),
    outbound: listIn(fields, "outbound").map(readFlow),
    latency: quantiles && numbersIn(quantiles, ["p50", "p95", "p99"]),
    codes: listIn(fields, "codes").map((row) => {
      const part = fieldsOf(row);
      return { ...wordsIn(part, ["protocol", "code", "flags", "host"]), ...numbersIn(part, ["rate", "share"]) };
    }),
    mtls: numberIn(fields, "mtls"),
    principals: listIn(fields, "principals").map((row) => {
      const part = fieldsOf(row);
      return { ...wordsIn(part, ["source", "destination"]), share: numberIn(part, "share") };
    }),
    facts: listIn(fields, "facts").map((row) => wordsIn(fieldsOf(row), ["name", "value"])),
    configuration: listIn(fields, "configuration").map(readLink),
    findings: listIn(fields, "findings").map((row) => {
      const part = fieldsOf(row);
      const link = part["link"] === null ? null : readLink(part["link"]);
      return { severity: oneOf(severities, part["severity"], "severity"), words: textIn(part, "words"), link };
    }),
    actions: listIn(fields, "actions").map(readLink),
    queries: textsIn(fields, "queries"),
    problems: textsIn(fields, "problems"),
  };
}

const flowNumbers = ["rps", "errorRate", "clientErrorRate", "sentBytesPerSecond", "receivedBytesPerSecond"] as const;

function readFlow(value: unknown): Details["inbound"][number] {
  const fields = fieldsOf(value);
  return { protocol: textIn(fields, "protocol"), ...numbersIn(fields, flowNumbers) };
}

function readLink(value: unknown): Details["actions"][number] {
  return wordsIn(fieldsOf(value), ["id", "title", "detail"]);
}

function readSeries(value: unknown): DetailSeries {
  const fields = fieldsOf(value);
  const { length } = columnIn(fields, "times");
  const column = (name: string): Float64Array => {
    const values = columnIn(fields, name);
    if (values.length !== length) throw new TypeError(`${name} has another length than times`);
    return values;
  };
  return {
    ...{ times: column("times"), rps: column("rps"), errorsPerSecond: column("errorsPerSecond") },
    sentBytesPerSecond: column("sentBytesPerSecond"),
    receivedBytesPerSecond: column("receivedBytesPerSecond"),
    ...{ p50: column("p50"), p95: column("p95"), p99: column("p99") },
    queries: textsIn(fields, "queries"),
    problems: textsIn(fields, "problems"),
  };
}

function readTarget(value: unknown): Target {
  const fields = fieldsOf(value);
  return { what: oneOf(targetKinds, fields["what"], "what"), id: textIn(fields, "id") };
}

function readPositions(value: unknown): PageFacts["positions"]["nodes"] {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([id, at]) => {
      const [x, y] = Array.isArray(at) ? (at as unknown[]) : [];
      if (!Number.isFinite(x) || !Number.isFinite(y)) throw new TypeError("a position is no pair of numbers");
      return [id, [x, y] as [number, number]] as const;
    }),
  );
}
