import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { matchesSelector, parseLabelSelector, type LabelSelector } from "../../model/labelSelector.ts";

type Texts = Readonly<Record<string, string>>;

/** What the inventory needs of a MutatingWebhookConfiguration that injects Istio's proxy. */
export interface InjectorFacts {
  readonly name: string;
  readonly revision: string | undefined;
  /** Set where this is a revision tag: another name for the revision. */
  readonly tag: string | undefined;
  readonly webhooks: readonly InjectingWebhook[];
  /** From the injection path or URL of a remote cluster: "/inject/cluster/ID/net/NETWORK". */
  readonly clusterId: string | undefined;
  readonly network: string | undefined;
  /** The Service in this cluster that it calls; undefined for an address elsewhere. */
  readonly service: { readonly namespace: string; readonly name: string } | undefined;
}

interface InjectingWebhook {
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
}

/** Reads a MutatingWebhookConfiguration; undefined where it injects nothing of Istio's. */
export function readInjector(object: KubeObject): InjectorFacts | undefined {
  const webhooks = listAt(object, "webhooks").filter((webhook) =>
    /(^|\.)sidecar-injector\.istio\.io$/.test(textAt(webhook, "name") ?? ""),
  );
  if (webhooks.length === 0) return undefined;
  const metadata = fieldsAt(object, "metadata");
  const labels = textMapAt(metadata, "labels");
  const client = fieldsAt(webhooks[0], "clientConfig");
  const service = fieldsAt(client, "service");
  const serviceName = textAt(service, "name");
  const path = textAt(service, "path") ?? textAt(client, "url") ?? "";
  return {
    name: textAt(metadata, "name") ?? "",
    revision: labels["istio.io/rev"],
    tag: labels["istio.io/tag"],
    webhooks: webhooks.map((webhook) => ({
      namespaceSelector: parseLabelSelector(fieldsOf(webhook)["namespaceSelector"]),
      objectSelector: parseLabelSelector(fieldsOf(webhook)["objectSelector"]),
    })),
    clusterId: pathPart(path, "cluster"),
    network: pathPart(path, "net"),
    service:
      serviceName === undefined ? undefined : { namespace: textAt(service, "namespace") ?? "", name: serviceName },
  };
}

// Istio's parseInjectEnvs (pkg/kube/inject): "/inject/cluster/ID/net/NETWORK", or the same with ":ENV=" forms.
function pathPart(path: string, name: string): string | undefined {
  const [, inject = ""] = path.split("/inject/");
  const parts = inject.split(/[?#]/)[0]?.split("/") ?? [];
  const at = parts.indexOf(name);
  const value = at >= 0 && at % 2 === 0 ? parts[at + 1] : undefined;
  return value === undefined || value === "" ? undefined : value.replaceAll("--slash--", "/");
}

/** A pod as injection looks at it. */
export interface InjectionCandidate {
  readonly namespace: string;
  readonly namespaceLabels: Texts;
  readonly labels: Texts;
  readonly injectAnnotation: string | undefined;
  readonly usesHostNetwork: boolean;
}

// Istio's pkg/kube/inject/inject.go: IgnoredNamespaces.
const ignoredNamespaces = new Set(["kube-system", "kube-public", "kube-node-lease", "local-path-storage"]);

/**
 * Whether a pod that is created now would get a proxy: some webhook selects it, and the injector does not decline
 * (Istio's `injectRequired`). Without readable webhooks, the labels that their usual selectors ask for decide.
 */
export function wantsInjection(pod: InjectionCandidate, injectors: readonly InjectorFacts[] | undefined): boolean {
  if (pod.usesHostNetwork || ignoredNamespaces.has(pod.namespace)) return false;
  const own = (pod.labels["sidecar.istio.io/inject"] ?? pod.injectAnnotation)?.toLowerCase();
  if (own === "false") return false;
  if (injectors === undefined) return wantsByLabels(pod, own);
  return injectors.some((injector) =>
    injector.webhooks.some(
      (webhook) =>
        matchesSelector(webhook.namespaceSelector, pod.namespaceLabels) &&
        matchesSelector(webhook.objectSelector, pod.labels),
    ),
  );
}

function wantsByLabels(pod: InjectionCandidate, own: string | undefined): boolean {
  const namespaceWish = pod.namespaceLabels["istio-injection"];
  if (namespaceWish === "disabled") return false;
  if (namespaceWish === "enabled" || pod.namespaceLabels["istio.io/rev"] !== undefined) return true;
  return own === "true" || pod.labels["istio.io/rev"] !== undefined;
}

/**
 * Whether istio-cni should redirect a pod to ztunnel: enrolled by its own label, else by its namespace's, and not
 * running a proxy or on the host's network. Istio's cni/pkg/util/podutil.go, PodRedirectionEnabled.
 */
export function wantsAmbient(pod: InjectionCandidate): boolean {
  if (pod.usesHostNetwork) return false;
  const own = pod.labels["istio.io/dataplane-mode"];
  if (own !== undefined && own !== "") return own === "ambient";
  return pod.namespaceLabels["istio.io/dataplane-mode"] === "ambient";
}
