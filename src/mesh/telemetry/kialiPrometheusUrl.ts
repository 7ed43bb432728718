import { load } from "js-yaml";
import type { KubeObject } from "../model/kubeObject.ts";
import { fieldsAt, textAt, textMapAt } from "../model/fields.ts";

/** The metrics store that Kiali's ConfigMap names (`external_services.prometheus.url`); undefined where it names none. */
export function kialiPrometheusUrl(configMap: KubeObject): string | undefined {
  const yaml = textMapAt(configMap, "data")["config.yaml"];
  if (yaml === undefined) return undefined;
  try {
    return textAt(fieldsAt(fieldsAt(load(yaml), "external_services"), "prometheus"), "url");
  } catch {
    return undefined; // a configuration that Kiali could not read either
  }
}
