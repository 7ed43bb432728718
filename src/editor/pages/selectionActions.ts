import { commands, env, l10n, window } from "vscode";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import { detailsOf } from "../../mesh/topology/graph/selectionDetails.ts";
import type { LevelPath } from "../../mesh/drilldown/level.ts";
import type { TelemetrySource } from "../../mesh/ports.ts";
import type { PanelLink } from "../../protocol/topology/topologyContract.ts";
import { documentUri } from "../resources/objectUri.ts";
import { meshPath, pathOfRef, pathOfWanted } from "./levelPaths.ts";
import { openInBrowser } from "./openInBrowser.ts";
import { leadsNowhere } from "./pageErrors.ts";
import { nameOf, refOf, type Selected } from "./selection.ts";
import { prometheusAddress, toolAddress, type LinkSubject, type ToolName } from "./toolLinks.ts";
import type { Read } from "./topologyReader.ts";
import type { TopologyDesk } from "./topologyServer.ts";

const tools: readonly ToolName[] = ["prometheus", "grafana", "kiali", "jaeger"];

const toolTitles: Readonly<Record<ToolName, () => string>> = {
  prometheus: () => l10n.t("Open in Prometheus"),
  grafana: () => l10n.t("Open in Grafana"),
  kiali: () => l10n.t("Open in Kiali"),
  jaeger: () => l10n.t("Open in Jaeger"),
};

/** What can be done with a selection; a link is there only where it leads somewhere. */
export class SelectionActions {
  readonly #desk: TopologyDesk;

  constructor(desk: TopologyDesk) {
    this.#desk = desk;
  }

  links(selected: Selected, read: Read): readonly PanelLink[] {
    const ref = refOf(selected);
    return [
      ...(this.#path(selected)
        ? [
            {
              id: "drillDown",
              title: l10n.t("Drill Down"),
              detail: l10n.t("From {0} down to its nodes", nameOf(selected)),
            },
          ]
        : []),
      ...(ref ? objectLinks(`${ref.kind} ${ref.name}`) : []),
      ...(ref
        ? [
            {
              id: "validate",
              title: l10n.t("Validate"),
              detail: l10n.t("Checks {0} and the configuration that acts on it", ref.name),
            },
          ]
        : []),
      ...(selected.target.what === "node"
        ? [{ id: "focus", title: l10n.t("Focus"), detail: l10n.t("Shows this and what it talks to only") }]
        : []),
      { id: "copyName", title: l10n.t("Copy Name"), detail: nameOf(selected) },
      { id: "copyQuery", title: l10n.t("Copy Query"), detail: l10n.t("What the metrics store was asked for this") },
      ...tools.flatMap((tool) => {
        const address = this.#address(tool, selected, read);
        return address === undefined ? [] : [{ id: tool, title: toolTitles[tool](), detail: address }];
      }),
    ];
  }

  /** Does what a link of the panel says. Throws a MeshError where it is no longer one. */
  async follow(selected: Selected, read: Read, id: string): Promise<void> {
    const linked = id.startsWith("config ") ? linkedObjects(selected, read) : [];
    const configured = linked.find((ref) => `config ${refId(ref)}` === id);
    const tool = tools.find((each) => each === id);
    const address = tool && this.#address(tool, selected, read);
    if (configured) await this.openYaml(configured);
    else if (address !== undefined) await openInBrowser(address);
    else if (id === "yaml") await this.openYaml(refOf(selected));
    else if (id === "drillDown") this.drill(selected);
    else if (id === "validate") await this.validate(selected);
    else if (id === "reveal") await this.reveal(selected);
    else if (id === "copyName") await this.copyName(selected);
    else throw leadsNowhere();
  }

  /** Checks the object of the selection. Throws a MeshError where it stands for none. */
  async validate(selected: Selected): Promise<void> {
    const ref = refOf(selected);
    if (!ref) throw leadsNowhere();
    await this.#desk.validate(ref);
  }

  /** Opens the drill-down: on a service or workload, of an edge on its target, of a box on its namespace. */
  drill(selected: Selected): void {
    const path = this.#path(selected);
    if (!path) throw noObject();
    this.#desk.drill(path);
  }

  #path({ nodes, edge, box }: Selected): LevelPath | undefined {
    const { live } = this.#desk.connection;
    const node = edge ? nodes[1] : nodes[0];
    if (!live) return undefined;
    if (box) {
      const { kind, name } = box.kind === "app" ? { kind: "namespace", name: box.namespace } : box;
      return kind === "cluster"
        ? meshPath(live)
        : pathOfWanted(live, { cluster: undefined, namespace: name, kind: undefined, name: undefined });
    }
    if (!node) return undefined;
    const [ref] = node.refs;
    if (ref) return pathOfRef(live, ref);
    const isNamespace = node.kind === "namespace";
    if (!isNamespace && node.kind !== "service") return undefined;
    const named = isNamespace ? { kind: undefined, name: undefined } : { kind: "Service", name: node.name };
    return pathOfWanted(live, {
      cluster: node.place.key,
      namespace: isNamespace ? node.name : node.namespace,
      ...named,
    });
  }

  async openYaml(ref: ObjectRef | undefined): Promise<void> {
    const uri = ref && documentUri(this.#desk.connection, ref);
    if (!uri) throw noObject();
    await commands.executeCommand("vscode.open", uri, { preview: true });
  }

  async reveal(selected: Selected): Promise<void> {
    const ref = refOf(selected);
    if (!ref) throw noObject();
    if (await this.#desk.reveal(ref)) return;
    void window.showInformationMessage(l10n.t("{0} has no row in the Foreyard views. A filter may hide it.", ref.name));
  }

  async copyName(selected: Selected): Promise<void> {
    await env.clipboard.writeText(nameOf(selected));
  }

  #address(tool: ToolName, selected: Selected, read: Read): string | undefined {
    const subject = subjectOf(selected, read);
    const { settings } = this.#desk.connection;
    if (!subject) return undefined;
    if (tool !== "prometheus") return toolAddress(tool, settings, subject);
    const store = storeOf(selected, read);
    const query = read.reading.provenance.find(({ sourceId }) => sourceId === store?.id)?.query;
    if (!store || query === undefined) return undefined;
    return prometheusAddress(settings.prometheusLink || store.label, query, subject);
  }
}

function objectLinks(object: string): readonly PanelLink[] {
  return [
    { id: "yaml", title: l10n.t("Open YAML"), detail: l10n.t("Opens {0} as its cluster has it", object) },
    { id: "reveal", title: l10n.t("Reveal in Tree"), detail: l10n.t("Selects the row of {0}", object) },
  ];
}

function noObject(): MeshError {
  return new MeshError("not-found", say("No connected cluster has an object for this."), {
    hint: say("It is known from metrics alone, or its cluster is not connected."),
  });
}

/** What the panel's configuration and findings lead to. */
function linkedObjects({ target }: Selected, { graph, input }: Read): readonly ObjectRef[] {
  const details = detailsOf(graph, target, { facts: input.facts, calls: undefined });
  return [...(details?.configuration ?? []), ...(details?.findings ?? []).flatMap(({ ref }) => ref ?? [])];
}

/** The store whose numbers of the selection's cluster are in the picture; undefined where nobody's are. */
function storeOf({ nodes, edge, box }: Selected, { input, reading }: Read): TelemetrySource | undefined {
  const place = (box ?? (edge ? nodes[1] : nodes[0]))?.place;
  const speaker = reading.speakers?.find((each) => each.place.key === place?.key && each.place.label === place?.label);
  return speaker && input.stores.find(({ source }) => source?.id === speaker.sourceId)?.source;
}

/** What other tools have a page for. */
function subjectOf({ nodes, edge, box }: Selected, { input, reading }: Read): LinkSubject | undefined {
  const isOneOfSeveral = new Set(input.stores.flatMap(({ cluster }) => cluster?.key ?? [])).size > 1;
  const time = { fromMillis: reading.atMillis - reading.windowSeconds * 1000, toMillis: reading.atMillis };
  if (box) {
    if (box.kind === "cluster") return undefined;
    return {
      kind: "namespace",
      cluster: box.place.label,
      namespace: box.namespace,
      name: box.name,
      isOneOfSeveral,
      ...time,
    };
  }
  const node = edge ? nodes[1] : nodes[0];
  if (!node) return undefined;
  const { namespace, name, place } = node;
  const at = { cluster: place.label, namespace, name, isOneOfSeveral, ...time };
  switch (node.kind) {
    case "service":
    case "serviceEntry":
      return { kind: "service", ...at };
    case "workload":
    case "gateway":
    case "waypoint":
      return { kind: "workload", ...at };
    case "namespace":
    case "app":
      return { kind: "namespace", ...at };
    case "external":
    case "unknown":
      return undefined;
  }
}
