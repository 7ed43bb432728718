import { commands, env, l10n, window } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import type { LevelAction } from "../../mesh/drilldown/level.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import type { MeshConnection } from "../connection.ts";
import { describeScheme } from "../ids.ts";
import type { Wanted } from "../pages/wanted.ts";
import type { ContainerLogs } from "./containerLogs.ts";
import { describedObject } from "./describedObject.ts";
import { kubectlLine } from "./kubectlLine.ts";
import { toObjectPath } from "./objectPath.ts";
import { authorityOf, documentUri } from "./objectUri.ts";
import { containersOf } from "./podContainers.ts";
import { TextDocuments } from "./textDocuments.ts";

/** What can be done with an object anywhere. Links to metrics stores need a query, and are their page's business. */
export type ObjectAction = Exclude<LevelAction, "openPrometheus" | "openGrafana">;

export interface ObjectPlaces {
  readonly connection: MeshConnection;
  readonly logs: ContainerLogs;
  /** Selects the object's row; false where none has one. */
  reveal(ref: ObjectRef): Promise<boolean>;
  showTopology(wanted: Wanted): void;
  /** Checks the object and what has to do with it, and shows the findings. */
  validate(ref: ObjectRef): Promise<void>;
}

/**
 * Does things with the object that is named, in the cluster that it names: whatever happened to the kubeconfig's current
 * context meanwhile. Throws a MeshError where this window does not show that cluster.
 */
export class ObjectActions implements Disposable {
  readonly #places: ObjectPlaces;
  readonly #documents = new TextDocuments(
    describeScheme,
    l10n.t("This description is gone. Describe the object again for a new one."),
  );

  constructor(places: ObjectPlaces) {
    this.#places = places;
  }

  async run(action: ObjectAction, ref: ObjectRef): Promise<void> {
    switch (action) {
      case "openYaml":
        await this.openYaml(ref);
        return;
      case "describe":
        await this.#describe(ref);
        return;
      case "validate":
        await this.#places.validate(ref);
        return;
      case "logs":
      case "previousLogs":
        await this.#showLogs(ref, action === "previousLogs");
        return;
      case "copyName":
        await env.clipboard.writeText(ref.name);
        return;
      case "copyCommand":
        await this.#copyKubectl(ref);
        return;
      case "showTopology":
        this.#showTopology(ref);
        return;
      case "revealInTree":
        await this.#reveal(ref);
        return;
    }
  }

  async openYaml(ref: ObjectRef): Promise<void> {
    const uri = documentUri(this.#places.connection, ref);
    if (!uri) throw notShown();
    await commands.executeCommand("vscode.open", uri, { preview: true });
  }

  dispose(): void {
    this.#documents.dispose();
  }

  async #describe(ref: ObjectRef): Promise<void> {
    const { live, context } = this.#clusterOf(ref);
    const { reads } = live.drilldown();
    const { signal } = new AbortController();
    const [object, events] = await Promise.all([
      reads.object(ref, signal),
      reads.events(ref, signal).catch((error: unknown) => {
        if (MeshError.is(error)) return undefined;
        throw error;
      }),
    ]);
    const noEvents = events ? l10n.t("None.") : l10n.t("Events may not be read, or could not be.");
    const text = describedObject({ context, object, events, noEvents });
    const uri = this.#documents.uri(authorityOf(ref.cluster), toObjectPath(context, ref).replace(/\.yaml$/, ".txt"));
    this.#documents.set(uri, () => text);
    await commands.executeCommand("vscode.open", uri, { preview: true });
  }

  async #showLogs(ref: ObjectRef, isPrevious: boolean): Promise<void> {
    const { live } = this.#clusterOf(ref);
    const pods = podsOf(live, ref);
    if (pods.length === 0) {
      throw new MeshError("not-found", say("{0} has no pod whose log could be read.", ref.name), {
        hint: say("Its pods may be in a namespace that is not shown."),
      });
    }
    const pod = pods.length === 1 ? pods[0] : await choosePod(pods);
    const container = pod && (await this.#chooseContainer(live, pod.ref, isPrevious));
    // The container is one of the clusters that were shown when the question was asked.
    if (!container || this.#places.connection.live !== live) return;
    await this.#places.logs.show({ pod: pod.ref, container, isPrevious });
  }

  async #chooseContainer(live: LiveMesh, pod: ObjectRef, isPrevious: boolean): Promise<string | undefined> {
    const object = await live.drilldown().reads.object(pod, new AbortController().signal);
    const containers = containersOf(object).filter(({ restarts }) => !isPrevious || restarts > 0);
    const [only] = containers;
    if (!only) {
      void window.showInformationMessage(l10n.t("No container of {0} has been restarted.", pod.name));
      return undefined;
    }
    if (containers.length === 1) return only.name;
    const items = containers.map(({ name, image, restarts, isInit }) => ({
      label: name,
      description: [
        ...(isInit ? [l10n.t("init container")] : []),
        ...(restarts > 0 ? [l10n.t("{0} restarts", restarts)] : []),
      ].join(" · "),
      detail: image,
    }));
    const title = isPrevious ? l10n.t("Previous Log of {0}", pod.name) : l10n.t("Log of {0}", pod.name);
    return (await window.showQuickPick(items, { title, placeHolder: l10n.t("Container") }))?.label;
  }

  async #copyKubectl(ref: ObjectRef): Promise<void> {
    const { live, context } = this.#clusterOf(ref);
    await env.clipboard.writeText(kubectlLine(context, ref, live.kindOf(ref)));
  }

  #showTopology(ref: ObjectRef): void {
    const live = this.#places.connection.live;
    // A pod is seen as its workload.
    const id = refId(ref);
    const owner =
      ref.kind === "Pod" ? live?.workloads.find(({ pods }) => pods.some((pod) => pod.id === id)) : undefined;
    const { cluster, namespace, kind, name } = owner?.ref ?? ref;
    const isNamespace = kind === "Namespace";
    this.#places.showTopology({
      cluster: cluster === "" ? undefined : cluster,
      namespace: isNamespace ? name : namespace,
      kind: isNamespace ? undefined : kind,
      name: isNamespace ? undefined : name,
    });
  }

  async #reveal(ref: ObjectRef): Promise<void> {
    if (await this.#places.reveal(ref)) return;
    void window.showInformationMessage(l10n.t("{0} has no row in the Foreyard views. A filter may hide it.", ref.name));
  }

  #clusterOf(ref: ObjectRef): { readonly live: LiveMesh; readonly context: string } {
    const { live } = this.#places.connection;
    const context = live?.clusters.find(({ key }) => key !== undefined && key === ref.cluster)?.context;
    if (!live || context === undefined) throw notShown();
    return { live, context };
  }
}

interface ShownPod {
  readonly ref: ObjectRef;
  readonly isReady: boolean;
  readonly reason: string | undefined;
  readonly restarts: number;
}

/** The pods of a workload, those in trouble first; a pod itself. */
function podsOf(live: LiveMesh, ref: ObjectRef): readonly ShownPod[] {
  const id = refId(ref);
  if (ref.kind === "Pod") {
    const known = live.workloads.flatMap(({ pods }) => pods).find((pod) => pod.id === id);
    return [known ?? { ref, isReady: true, reason: undefined, restarts: 0 }];
  }
  const pods = live.workloads.find((workload) => workload.id === id)?.pods ?? [];
  return pods.toSorted((a, b) => Number(a.isReady) - Number(b.isReady) || b.restarts - a.restarts);
}

async function choosePod(pods: readonly ShownPod[]): Promise<ShownPod | undefined> {
  const items = pods.map((pod) => ({
    label: pod.ref.name,
    description: [
      ...(pod.isReady ? [] : [pod.reason ?? l10n.t("not ready")]),
      ...(pod.restarts > 0 ? [l10n.t("{0} restarts", pod.restarts)] : []),
    ].join(" · "),
    pod,
  }));
  return (await window.showQuickPick(items, { title: l10n.t("Log"), placeHolder: l10n.t("Pod") }))?.pod;
}

function notShown(): MeshError {
  return new MeshError("not-found", say("No connected cluster has an object for this."), {
    hint: say("It is known from metrics alone, or its cluster is not connected."),
  });
}
