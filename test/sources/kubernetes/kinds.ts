import type { KindOnServer } from "../../../src/mesh/model/kubeObject.ts";

const core = { group: "", version: "v1", namespaced: true };

export const pods: KindOnServer = { ...core, kind: "Pod", plural: "pods" };
export const configMaps: KindOnServer = { ...core, kind: "ConfigMap", plural: "configmaps" };
export const namespaces: KindOnServer = { ...core, kind: "Namespace", plural: "namespaces", namespaced: false };
export const deployments: KindOnServer = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
};
