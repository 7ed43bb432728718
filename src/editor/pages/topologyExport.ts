import { env, l10n, Uri, window, workspace } from "vscode";
import { createFormat } from "../../mesh/format/format.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import { graphCsv } from "../../mesh/topology/export/graphCsv.ts";
import { graphDot } from "../../mesh/topology/export/graphDot.ts";
import { graphJson } from "../../mesh/topology/export/graphJson.ts";
import { graphMarkdown } from "../../mesh/topology/export/graphMarkdown.ts";
import { graphMermaid } from "../../mesh/topology/export/graphMermaid.ts";
import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import type { ExportFormat, TopologyContract } from "../../protocol/topology/topologyContract.ts";
import { translate } from "../words.ts";
import { shownGraph } from "./shownGraph.ts";
import type { Read } from "./topologyReader.ts";

type Exporting = TopologyContract["requests"]["graph.export"];

/** Saves what is on the screen, where a person says; Markdown goes to the clipboard. */
export async function exportTopology(
  { graph, reading }: Read,
  { format, picture, hiddenNodes }: Exporting["params"],
): Promise<Exporting["result"]> {
  const shown = shownGraph(graph, new Set(hiddenNodes));
  if (format === "markdown") {
    await env.clipboard.writeText(textOf("markdown", shown, reading.problems));
    void window.showInformationMessage(l10n.t("The topology was copied as Markdown."));
    return { saved: true };
  }
  const bytes =
    format === "png" || format === "svg"
      ? pictureBytes(format, picture)
      : new TextEncoder().encode(textOf(format, shown, reading.problems));
  const to = await window.showSaveDialog({
    title: l10n.t("Export Topology"),
    defaultUri: defaultPlace(`topology.${endings[format]}`),
    filters: { [filterNames[format]]: [endings[format]] },
  });
  if (!to) return { saved: false };
  await workspace.fs.writeFile(to, bytes);
  return { saved: true };
}

type Saved = Exclude<ExportFormat, "markdown">;

const endings: Readonly<Record<Saved, string>> = {
  svg: "svg",
  png: "png",
  mermaid: "mmd",
  dot: "dot",
  csv: "csv",
  json: "json",
};

/** Names of formats, which are the same in every language. */
const filterNames: Readonly<Record<Saved, string>> = {
  svg: "SVG",
  png: "PNG",
  mermaid: "Mermaid",
  dot: "Graphviz DOT",
  csv: "CSV",
  json: "JSON",
};

function textOf(
  format: "mermaid" | "dot" | "csv" | "json" | "markdown",
  graph: TopologyGraph,
  problems: Read["reading"]["problems"],
): string {
  const numbers = createFormat(env.language);
  switch (format) {
    case "json":
      return graphJson(graph, problems);
    case "mermaid":
      return graphMermaid(graph, numbers);
    case "dot":
      return graphDot(graph, numbers);
    case "csv":
      return graphCsv(graph);
    case "markdown":
      return graphMarkdown(graph, numbers, translate);
  }
}

/** A picture comes from the page: SVG as text, PNG as a data URL or its base64 alone. */
function pictureBytes(format: "png" | "svg", picture: string | null): Uint8Array {
  if (picture === null || picture === "") {
    throw new MeshError("bad-data", say("The page has no picture yet."), { hint: say("Try again once it is drawn.") });
  }
  if (format === "svg") return new TextEncoder().encode(picture);
  const bytes = Uint8Array.from(atob(picture.replace(/^data:image\/png;base64,/, "")), (each) => each.charCodeAt(0));
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50) throw new MeshError("bad-data", say("The page sent no PNG picture."));
  return bytes;
}

function defaultPlace(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder ? Uri.joinPath(folder, name) : Uri.file(name);
}
