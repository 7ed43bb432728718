import { fieldsAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";

/** True for objects that Istio's own installation labels as its parts (Istio's analyzers/util/in_mesh.go). */
export function isControlPlaneObject(object: KubeObject): boolean {
  const labels = textMapAt(fieldsAt(object, "metadata"), "labels");
  return Object.hasOwn(labels, "istio") || labels["release"] === "istio";
}
