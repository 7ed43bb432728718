import type { Call, WorkloadEnd } from "../../telemetry/edges/calls.ts";
import { knownValue } from "../../telemetry/specialValues.ts";
import type { WorkloadView } from "../../inventory/views.ts";
import { located, type ConfigIndex } from "./configIndex.ts";
import type { EdgeDraft } from "./edgeDrafts.ts";
import { only, type InventoryIndex } from "./inventoryIndex.ts";

/** Tells where the mesh wants mutual TLS: by a STRICT PeerAuthentication, or by itself between two ends of the mesh. */
export class WantedMtls {
  readonly #inventory: InventoryIndex;
  readonly #config: ConfigIndex;
  readonly #strict = new Map<WorkloadEnd, "STRICT" | "automatic" | "no">();
  readonly #members = new Map<WorkloadEnd, boolean>();

  constructor(inventory: InventoryIndex, config: ConfigIndex) {
    this.#inventory = inventory;
    this.#config = config;
  }

  /** Plain text is known to flow where the mesh wants none. */
  isLacking(edge: EdgeDraft): boolean {
    if (edge.withoutMtls <= 0) return false;
    return edge.calls.some((call) => call.mutualTls === "no" && this.#isWanted(call));
  }

  #isWanted({ source, destination }: Call): boolean {
    if (!destination) return false;
    const wish = this.#wishAt(destination);
    return wish === "STRICT" || (wish === "automatic" && this.#isMember(source));
  }

  #wishAt(end: WorkloadEnd): "STRICT" | "automatic" | "no" {
    let wish = this.#strict.get(end);
    if (!wish) this.#strict.set(end, (wish = this.#newWish(end)));
    return wish;
  }

  #newWish(end: WorkloadEnd): "STRICT" | "automatic" | "no" {
    const cluster = end.place.key;
    const namespace = knownValue(end.namespace);
    if (cluster === undefined || namespace === undefined) return "no";
    const view = this.#viewOf(end);
    const mode = this.#config.mtlsMode(view ? located(view) : { cluster, namespace, labels: undefined });
    if (mode === "STRICT") return "STRICT";
    const isAutomatic = mode !== "DISABLE" && this.#config.governance(cluster).autoMtls;
    return isAutomatic && this.#isMember(end) ? "automatic" : "no";
  }

  #isMember(end: WorkloadEnd): boolean {
    let isMember = this.#members.get(end);
    if (isMember === undefined) this.#members.set(end, (isMember = this.#viewOf(end)?.inMesh === true));
    return isMember;
  }

  #viewOf({ place, namespace, workload }: WorkloadEnd): WorkloadView | undefined {
    return only(this.#inventory.workloads(place.key, namespace, workload));
  }
}
