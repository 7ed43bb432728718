import { l10n } from "vscode";
import type { NodeState } from "../../mesh/explorer/node.ts";
import { refId } from "../../mesh/model/refs.ts";
import type { GraphNode, GraphNodeKind } from "../../mesh/topology/graph/graph.ts";
import type { SelectionReading } from "../../mesh/topology/reading/readSelection.ts";
import type { Details, PanelLink } from "../../protocol/topology/topologyContract.ts";
import { translate } from "../words.ts";
import { codeRows, flowsOf, mtlsShare, principalRows } from "./callSums.ts";
import { configurationOf } from "./configLinks.ts";
import { nameOf, tellingCalls, type Selected } from "./selection.ts";
import type { Read } from "./topologyReader.ts";

/** The side panel of a selection: what the picture knows of it, and what was asked besides. */
export function detailsOf(
  selected: Selected,
  { input }: Pick<Read, "input">,
  asked: SelectionReading,
  actions: readonly PanelLink[],
): Details {
  const { target, edge, box, nodes, inbound, outbound } = selected;
  const [only] = nodes;
  return {
    target,
    title: nameOf(selected),
    subtitle: subtitleOf(selected),
    state: edge?.state ?? box?.state ?? only?.state ?? "unknown",
    reasons: reasonsOf(selected),
    inbound: flowsOf(inbound),
    outbound: flowsOf(outbound),
    latency: edge ? { p50: edge.p50, p95: edge.p95, p99: edge.p99 } : null,
    codes: codeRows(asked.calls),
    mtls: mtlsShare(tellingCalls(selected)),
    principals: principalRows(asked.calls),
    facts: edge || box ? [] : factsOf(only),
    configuration: configurationOf(edge ? nodes.slice(1) : nodes, input.facts).map((ref) => ({
      id: `config ${refId(ref)}`,
      title: `${ref.kind} ${ref.name}`,
      detail: l10n.t("Opens the YAML of {0} {1} in {2}", ref.kind, ref.name, ref.namespace),
    })),
    findings: findingsOf(selected),
    actions,
    queries: [...new Set(asked.provenance.map(({ query }) => query))],
    problems: asked.problems.map(({ words }) => translate(words)),
  };
}

function subtitleOf({ nodes, edge, box }: Selected): string {
  if (edge) return [edge.protocol.toUpperCase(), ...places(nodes)].join(" · ");
  if (box) {
    const kind = { cluster: l10n.t("Cluster"), namespace: l10n.t("Namespace"), app: l10n.t("App") }[box.kind];
    return [kind, box.place.label, ...(box.kind === "app" ? [box.namespace] : [])]
      .filter((part) => part !== "")
      .join(" · ");
  }
  const [node] = nodes;
  if (!node) return "";
  return [kindWord(node.kind), node.namespace, node.place.label].filter((part) => part !== "").join(" · ");
}

function places(nodes: readonly GraphNode[]): readonly string[] {
  return [...new Set(nodes.map(({ namespace }) => namespace).filter((namespace) => namespace !== ""))];
}

export function kindWord(kind: GraphNodeKind): string {
  switch (kind) {
    case "workload":
      return l10n.t("Workload");
    case "app":
      return l10n.t("App");
    case "service":
      return l10n.t("Service");
    case "serviceEntry":
      return l10n.t("Service entry");
    case "external":
      return l10n.t("Outside the mesh");
    case "gateway":
      return l10n.t("Gateway");
    case "waypoint":
      return l10n.t("Waypoint");
    case "unknown":
      return l10n.t("Unknown callers");
    case "namespace":
      return l10n.t("Namespace");
  }
}

const troubled: ReadonlySet<NodeState> = new Set(["degraded", "failing"]);

/** A node's own reasons; of a box, those of what is in trouble in it, named. */
function reasonsOf({ nodes, box, edge }: Selected): readonly string[] {
  if (edge) return [];
  if (!box) return (nodes[0]?.reasons ?? []).map(translate);
  return nodes
    .filter(({ state }) => troubled.has(state))
    .slice(0, 5)
    .map(({ name, reasons }) => `${name}: ${reasons.map(translate).join(", ")}`);
}

function findingsOf({ edge }: Selected): Details["findings"] {
  if (edge?.lacksMtls !== true) return [];
  const words = l10n.t("Some of this traffic has no mutual TLS, although the mesh wants it here.");
  return [{ severity: "warning", words, link: null }];
}

function factsOf(node: GraphNode | undefined): Details["facts"] {
  if (!node) return [];
  const { app, version, replicas, place, namespace } = node;
  const facts = [
    [l10n.t("Cluster"), place.label],
    [l10n.t("Namespace"), namespace],
    [l10n.t("App"), app ?? ""],
    [l10n.t("Version"), version ?? ""],
    [l10n.t("Replicas"), replicas ? l10n.t("{0} of {1} ready", replicas.ready, replicas.desired) : ""],
  ] as const;
  const derived = place.isDerived
    ? [{ name: l10n.t("Cluster"), value: l10n.t("Taken from the metrics store: its series do not name one") }]
    : [];
  return [...facts.flatMap(([name, value]) => (value === "" ? [] : [{ name, value }])), ...derived];
}
