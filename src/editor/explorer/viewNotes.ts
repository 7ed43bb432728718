import { l10n } from "vscode";
import type { ClusterStatus, LiveMesh, TreeName } from "../../mesh/live/liveMesh.ts";
import type { Situation } from "../situation.ts";
import { explain, translate } from "../words.ts";
import { ageText } from "./appearance.ts";

/**
 * The soft problems of one view, each told in one place only; undefined when all is well. Services tells about numbers,
 * Meshes about what could not be read, and while there is no mesh at all Services has the exact words of the failure,
 * because a welcome text cannot carry them.
 */
export function viewMessage(
  tree: TreeName,
  live: LiveMesh | undefined,
  { state, gone }: Situation,
  nowMillis: number,
): string | undefined {
  if (!live) return undefined;
  const lines: string[] = [];
  if (tree === "services") {
    lines.push(...live.clusters.flatMap((each) => [...failureLines(each), ...metricsLines(each, nowMillis)]));
  }
  // A message takes the place of a welcome text, so that Meshes has one only beside its rows.
  if (tree === "meshes" && state === "ready") lines.push(...goneLines(gone), ...unreadLines(live));
  return lines.length > 0 ? lines.join("\n") : undefined;
}

function goneLines(gone: readonly string[]): string[] {
  return gone.map((name) => l10n.t("{0} is no longer in the kubeconfig; this window still shows it.", name));
}

function failureLines({ state, error }: ClusterStatus): string[] {
  return error && state !== "ready" && state !== "connecting" ? [explain(error)] : [];
}

function metricsLines({ context, state, telemetry }: ClusterStatus, nowMillis: number): string[] {
  if (state !== "ready") return [];
  const { error, measuredAt } = telemetry;
  if (telemetry.state === "error" && measuredAt !== undefined) {
    const age = ageText(nowMillis - measuredAt);
    return [l10n.t("Numbers of {0} are from {1}. {2}", context, age, error ? explain(error) : "").trim()];
  }
  if (telemetry.state !== "none" && telemetry.state !== "error") return [];
  const why = error ? explain(error) : l10n.t("No Prometheus was found.");
  return [l10n.t("No numbers for {0}: {1} The Doctor lists what was tried.", context, why)];
}

function unreadLines(live: LiveMesh): string[] {
  return live.meshes
    .flatMap((mesh) => mesh.clusters)
    .flatMap(({ context, unread }) => {
      const [first] = unread;
      if (!first) return [];
      const namespaces = new Set(unread.flatMap(({ namespace }) => namespace ?? []));
      if (namespaces.size === 0) return [l10n.t("{0} is shown in part. {1}", context, explain(first.error))];
      return [l10n.t("{0} namespaces of {1} cannot be read. {2}", namespaces.size, context, explain(first.error))];
    });
}

/** What narrows the rows, beside the view's title; undefined when all is shown. */
export function viewDescription(tree: TreeName, live: LiveMesh | undefined, situation: Situation): string | undefined {
  if (!live) return undefined;
  if (tree === "meshes") return situation.demo ? l10n.t("demo") : undefined;
  const { text, inMeshOnly, namespaces } = live.filter;
  const parts = [
    ...(namespaces ? [firstAndMore(namespaces)] : []),
    ...(inMeshOnly ? [l10n.t("in mesh")] : []),
    ...(text === "" ? [] : [l10n.t("“{0}”", text)]),
  ];
  return parts.length > 0 ? parts.join(" · ") : undefined;
}

/** "shop +2" */
export function firstAndMore(names: readonly string[]): string {
  const [first = ""] = names;
  return names.length > 1 ? `${first} +${names.length - 1}` : first;
}

/** Failing and degraded services in words, for the badge. */
export function badgeOf(live: LiveMesh | undefined): { value: number; tooltip: string } | undefined {
  const { failing, degraded } = live?.trouble ?? { failing: 0, degraded: 0 };
  if (failing + degraded === 0) return undefined;
  const words = [
    ...(failing > 0 ? [l10n.t("{0} failing", failing)] : []),
    ...(degraded > 0 ? [l10n.t("{0} degraded", degraded)] : []),
  ];
  return { value: failing + degraded, tooltip: words.join(", ") };
}

/** A cluster's state in words, for tooltips. */
export function clusterWords(cluster: ClusterStatus): string {
  if (cluster.error) return explain(cluster.error);
  switch (cluster.state) {
    case "ready":
      return l10n.t("connected");
    case "connecting":
      return l10n.t("connecting");
    case "noIstio":
      return l10n.t("connected, no Istio found");
    case "unauthorized":
      return l10n.t("the credentials were refused");
    case "unreachable":
      return l10n.t("not reachable");
    case "otherCluster":
      return l10n.t("another cluster than before");
    case "noContext":
      return l10n.t("no such context");
    case "noKubeconfig":
      return l10n.t("no kubeconfig");
  }
}

/** A telemetry source in one line, for tooltips. */
export function telemetryWords({ telemetry }: ClusterStatus): string {
  const label = telemetry.sourceLabel;
  if (telemetry.error) return explain(telemetry.error);
  if (label !== undefined) return label;
  const last = telemetry.steps.at(-1);
  return last ? translate(last.answer) : l10n.t("not looked for yet");
}
