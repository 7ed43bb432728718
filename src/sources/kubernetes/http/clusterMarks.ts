import type { IncomingHttpHeaders } from "node:http";
import type { ClusterKey } from "../../../mesh/model/refs.ts";

/**
 * Which cluster an answer is of, by the UID of the FlowSchema that the API server names in the header of each answer it
 * gives itself (API Priority and Fairness): a UID is of one cluster only. What it has come with once together with the
 * cluster's own UID proves every later answer that has it. Logs, streams and answers of proxies have none.
 */
export class ClusterMarks {
  readonly #clusters = new Map<string, ClusterKey>();
  readonly #proven = new Map<ClusterKey, number>();
  #answers = 0;

  /** An answer came, or a stream is about to. */
  count(mark: string | undefined): void {
    this.#answers++;
    const cluster = mark === undefined ? undefined : this.#clusters.get(mark);
    if (cluster !== undefined) this.#proven.set(cluster, (this.#proven.get(cluster) ?? 0) + 1);
  }

  /** One answer held both. */
  learn(mark: string | undefined, cluster: ClusterKey): void {
    if (mark === undefined) return;
    this.#clusters.set(mark, cluster);
    if (!this.#proven.has(cluster)) this.#proven.set(cluster, 0);
  }

  /** How many answers so far are not proven to be the cluster's; undefined where none of its ever proves it. */
  unproven(cluster: ClusterKey): number | undefined {
    const proven = this.#proven.get(cluster);
    return proven === undefined ? undefined : this.#answers - proven;
  }
}

export function markOf(headers: IncomingHttpHeaders): string | undefined {
  const mark = headers["x-kubernetes-pf-flowschema-uid"];
  return typeof mark === "string" && mark !== "" ? mark : undefined;
}
