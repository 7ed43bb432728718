import { html, nothing, type TemplateResult } from "lit";
import type { Format } from "../../../src/mesh/format/format.ts";
import { say } from "../../../src/mesh/message.ts";
import type { ProtocolFlow } from "../../../src/mesh/topology/graph/selectionRates.ts";
import type { Details } from "../../../src/protocol/topology/topologyContract.ts";
import { words } from "../../shared/words.ts";
import { protocolName } from "../spoken.ts";

type Part = TemplateResult | typeof nothing;

/** Rates one way, a row for each protocol. */
export function flowsTable(title: string, flows: readonly ProtocolFlow[], format: Format): Part {
  if (flows.length === 0) return nothing;
  return html`<h3>${title}</h3>
    <table class="fy-table">
      <thead>
        <tr>
          <th scope="col">${words(say("Protocol"))}</th>
          <th scope="col" class="fy-number">${words(say("Rate"))}</th>
          <th scope="col" class="fy-number" title=${words(say("5xx, gRPC status other than 0, no response"))}>
            ${words(say("Errors"))}
          </th>
          <th scope="col" class="fy-number" title=${words(say("Client errors: 4xx"))}>4xx</th>
        </tr>
      </thead>
      <tbody>
        ${flows.map(
          (flow) =>
            html`<tr>
              <th scope="row"><bdi>${protocolName(flow.protocol)}</bdi></th>
              <td class="fy-number">
                ${
                  Number.isNaN(flow.rps)
                    ? format.flow(flow.receivedBytesPerSecond, flow.sentBytesPerSecond)
                    : format.rate(flow.rps)
                }
              </td>
              <td class="fy-number ${flow.errorRate > 0 ? "fy-bad" : ""}">${format.share(flow.errorRate)}</td>
              <td class="fy-number">${format.share(flow.clientErrorRate)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

export function latencyLine({ latency }: Details, format: Format): Part {
  if (!latency) return nothing;
  const { p50, p95, p99 } = latency;
  return html`<h3>${words(say("Latency"))}</h3>
    <p class="fy-latency">
      <span>p50 ${format.latency(p50)}</span> <span>p95 ${format.latency(p95)}</span>
      <span>p99 ${format.latency(p99)}</span>
    </p>`;
}

/** How requests ended: code, Envoy's flags, host. */
export function codesTable({ codes }: Details, format: Format): Part {
  if (codes.length === 0) return nothing;
  const hasFlags = codes.some((row) => row.flags !== "" && row.flags !== "-");
  const hasHosts = codes.some((row) => row.host !== "");
  return html`<h3>${words(say("How requests ended"))}</h3>
    <table class="fy-table">
      <thead>
        <tr>
          <th scope="col">${words(say("Code"))}</th>
          ${hasFlags ? html`<th scope="col">${words(say("Flags"))}</th>` : nothing}
          ${hasHosts ? html`<th scope="col">${words(say("Host"))}</th>` : nothing}
          <th scope="col" class="fy-number">${words(say("Rate"))}</th>
          <th scope="col" class="fy-number">${words(say("Share"))}</th>
        </tr>
      </thead>
      <tbody>
        ${codes.map(
          (row) =>
            html`<tr>
              <th scope="row" title=${protocolName(row.protocol)}>
                ${row.code === "" ? protocolName(row.protocol) : row.code}
              </th>
              ${hasFlags ? html`<td><bdi>${row.flags || "-"}</bdi></td>` : nothing}
              ${hasHosts ? html`<td class="fy-wrap"><bdi>${row.host}</bdi></td>` : nothing}
              <td class="fy-number">${row.protocol === "tcp" ? format.throughput(row.rate) : format.rate(row.rate)}</td>
              <td class="fy-number">${format.share(row.share)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

export function principalsTable({ principals }: Details, format: Format): Part {
  if (principals.length === 0) return nothing;
  return html`<h3>${words(say("Principals"))}</h3>
    <table class="fy-table">
      <thead>
        <tr>
          <th scope="col">${words(say("Caller"))}</th>
          <th scope="col">${words(say("Called"))}</th>
          <th scope="col" class="fy-number">${words(say("Share"))}</th>
        </tr>
      </thead>
      <tbody>
        ${principals.map(
          (row) =>
            html`<tr>
              <td class="fy-wrap"><bdi>${row.source || "–"}</bdi></td>
              <td class="fy-wrap"><bdi>${row.destination || "–"}</bdi></td>
              <td class="fy-number">${format.share(row.share)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
