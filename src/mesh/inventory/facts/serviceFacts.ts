import { countAt, fieldsAt, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { isKnown, protocolNamed, servicePortProtocol } from "../../model/portProtocol.ts";
import { healthRateOf } from "./healthRate.ts";
import type { LabelPool, LabelSet } from "./labelPool.ts";
import type { ServicePort } from "../views.ts";

/** What the views need of a Service or a ServiceEntry. */
export interface ServiceFacts {
  readonly group: "" | "networking.istio.io";
  readonly kind: "Service" | "ServiceEntry";
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly hosts: readonly string[];
  readonly ports: readonly ServicePort[];
  readonly labels: LabelSet;
  /** Empty selects nothing. */
  readonly selector: Readonly<Record<string, string>>;
  /** As {@link healthRateOf} reads it; absent on nearly all. */
  readonly healthRate?: string;
}

/** Reads a v1 Service. */
export function readService(object: KubeObject, pool: LabelPool): ServiceFacts {
  const metadata = fieldsAt(object, "metadata");
  const spec = fieldsAt(object, "spec");
  const name = textAt(metadata, "name") ?? "";
  const namespace = pool.text(textAt(metadata, "namespace") ?? "");
  const type = textAt(spec, "type") ?? "ClusterIP";
  return {
    group: "",
    kind: "Service",
    namespace,
    name,
    type: pool.text(type),
    hosts: [`${name}.${namespace}.svc.cluster.local`, `${name}.${namespace}.svc`, `${name}.${namespace}`, name],
    ports: listAt(spec, "ports").flatMap((port) => readPort(port, "port", pool)),
    labels: pool.labels(textMapAt(metadata, "labels")),
    // An ExternalName is an alias; whatever selector it carries is ignored by Kubernetes.
    selector: type === "ExternalName" ? {} : pool.labels(textMapAt(spec, "selector")).labels,
    ...healthRateOf(pool, metadata),
  };
}

/** Reads a networking.istio.io ServiceEntry, v1alpha3 to v1. */
export function readServiceEntry(object: KubeObject, pool: LabelPool): ServiceFacts {
  const metadata = fieldsAt(object, "metadata");
  const spec = fieldsAt(object, "spec");
  return {
    group: "networking.istio.io",
    kind: "ServiceEntry",
    namespace: pool.text(textAt(metadata, "namespace") ?? ""),
    name: textAt(metadata, "name") ?? "",
    type: "ServiceEntry",
    hosts: textsAt(spec, "hosts"),
    ports: listAt(spec, "ports").flatMap((port) => readPort(port, "number", pool)),
    labels: pool.labels(textMapAt(metadata, "labels")),
    selector: pool.labels(textMapAt(fieldsAt(spec, "workloadSelector"), "labels")).labels,
    ...healthRateOf(pool, metadata),
  };
}

function readPort(port: unknown, numberField: "port" | "number", pool: LabelPool): readonly ServicePort[] {
  const number = countAt(port, numberField);
  if (number === undefined || number > 65_535) return [];
  const name = textAt(port, "name") ?? "";
  const transport = textAt(port, "protocol");
  // A ServiceEntry's protocol field says it outright; a Service's says TCP or UDP and leaves the rest to names.
  const protocol =
    numberField === "number"
      ? protocolNamed(transport ?? "")
      : servicePortProtocol({ number, name, transport, appProtocol: textAt(port, "appProtocol") });
  // What Istio tells from the bytes is a stream of them until it has.
  const told = isKnown(protocol) ? protocol.toLowerCase() : "tcp";
  return [{ name: pool.text(name), port: number, protocol: pool.text(told) }];
}
