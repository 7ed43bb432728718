import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { GraphNode, TopologyGraph } from "../../src/mesh/topology/graph/graph.ts";
import { syntheticGraph } from "../support/syntheticGraph.ts";

// A store that answers the topology's queries about a synthetic mesh, with rows as Prometheus would send: both ends
// report each request, by code and workload. What Prometheus itself takes to work them out is not in these figures.

export interface EdgeStore {
  readonly url: string;
  readonly rows: number;
  stop(): Promise<void>;
}

type Labels = Readonly<Record<string, string>>;

interface Answers {
  readonly requests: string;
  readonly tcp: string;
  readonly names: string;
  readonly rows: number;
}

const evaluatedAt = 1_750_000_000;

export async function startEdgeStore(nodes: number): Promise<EdgeStore> {
  const answers = answersOf(syntheticGraph({ nodes }));
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const { searchParams } = new URL(request.url ?? "/", "http://store");
      const query = new URLSearchParams(body).get("query") ?? searchParams.get("query") ?? "";
      response.setHeader("content-type", "application/json");
      response.end(answerTo(query, answers));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, rows: answers.rows, stop: () => stopped(server) };
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function answerTo(query: string, { requests, tcp, names }: Answers): string {
  if (query.includes("rate(istio_requests_total{")) return requests;
  if (query.includes("rate(istio_tcp_received_bytes_total{")) return tcp;
  return query.includes("source_canonical_service") ? names : vector([]);
}

function vector(rows: readonly (readonly [labels: Labels, value: number])[]): string {
  const result = rows.map(([metric, value]) => ({ metric, value: [evaluatedAt, String(value)] }));
  return JSON.stringify({ status: "success", data: { resultType: "vector", result } });
}

function answersOf({ nodes, edges }: TopologyGraph): Answers {
  const behind = new Map<number, GraphNode[]>();
  for (const { source, target, isFirst } of edges) {
    const workload = nodes[target];
    if (isFirst || !workload) continue;
    behind.set(source, [...(behind.get(source) ?? []), workload]);
  }
  const requests: [Labels, number][] = [];
  const tcp: [Labels, number][] = [];
  for (const [index, { source, target, isFirst, protocol }] of edges.entries()) {
    const [caller, service] = [nodes[source], nodes[target]];
    if (!isFirst || !caller || !service) continue;
    const all = behind.get(target) ?? [];
    // Not every caller reaches every version.
    const reached = index % 8 === 0 ? all : all.slice(0, 1);
    for (const workload of reached.length > 0 ? reached : [undefined]) {
      const ends = endLabels(caller, service, workload);
      if (protocol === "tcp") tcp.push(...tcpRows(ends));
      else requests.push(...requestRows(ends, protocol, index));
    }
  }
  const names = nodes.filter(({ kind }) => kind === "workload" || kind === "gateway").map(nameRow);
  const rows = requests.length + tcp.length;
  return { requests: vector(requests), tcp: vector(tcp), names: vector(names), rows };
}

function endLabels(caller: GraphNode, service: GraphNode, workload: GraphNode | undefined): Labels {
  return {
    source_cluster: caller.place.label,
    source_workload_namespace: caller.namespace,
    source_workload: caller.name,
    destination_cluster: (workload ?? service).place.label,
    destination_service_namespace: service.namespace === "" ? "unknown" : service.namespace,
    destination_service_name: service.name,
    destination_workload_namespace: workload?.namespace ?? "unknown",
    destination_workload: workload?.name ?? "unknown",
  };
}

/** As both ends report them; nobody but the source sees what goes out of the mesh. */
function reported(ends: Labels): Labels[] {
  const source = { reporter: "source", ...ends, connection_security_policy: "unknown" };
  if (ends["destination_workload"] === "unknown") return [source];
  return [source, { reporter: "destination", ...ends, connection_security_policy: "mutual_tls" }];
}

function requestRows(ends: Labels, protocol: string, index: number): [Labels, number][] {
  const codes = index % 10 === 0 ? ["200", "503"] : ["200"];
  return reported(ends).flatMap((labels) =>
    codes.map((code): [Labels, number] => [
      {
        ...labels,
        request_protocol: protocol,
        response_code: code,
        grpc_response_status: protocol === "grpc" ? "0" : "",
        response_flags: code === "503" ? "UF" : "-",
      },
      code === "503" ? 0.05 : 1 + (index % 40) / 7,
    ]),
  );
}

function tcpRows(ends: Labels): [Labels, number][] {
  return reported(ends).flatMap((labels) =>
    ["tcpReceived", "tcpSent"].map((metric): [Labels, number] => [
      { ...labels, request_protocol: "tcp", response_code: "0", response_flags: "-", metric },
      metric === "tcpSent" ? 4321.5 : 1234.25,
    ]),
  );
}

function nameRow({ place, namespace, name, app = "", version = "" }: GraphNode): [Labels, number] {
  return [{ cluster: place.label, namespace, workload: name, service: app, revision: version }, 1];
}
