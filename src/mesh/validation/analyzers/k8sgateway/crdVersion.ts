import { say } from "../../../message.ts";
import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { coerce, lt, parse } from "semver";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";

const bundleVersion = "gateway.networking.k8s.io/bundle-version";

// Istio's pkg/config/schema/gvk and pilot's minimum versions of Gateway API.
const minimums: ReadonlyMap<string, string> = new Map([
  ["grpcroutes.gateway.networking.k8s.io", "1.1.0"],
  ["backendtlspolicies.gateway.networking.k8s.io", "1.4.0"],
  ["tlsroutes.gateway.networking.k8s.io", "1.5.0"],
  ["tcproutes.gateway.networking.k8s.io", "1.6.0"],
]);

/** Gateway API CRDs that are too old for Istio to read. */
export const crdVersion: Rule = {
  name: "k8sgateway.CRDVersionAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0176",
      severity: "warning",
      title: "Gateway API CRD too old",
      explanation: "Istio does not read objects of this kind from so old a CRD. Install a newer Gateway API.",
      source: `Annotation ${bundleVersion}; Istio's analyzers/k8sgateway/crdversion.go`,
    },
  ],
  kinds: [kinds.CustomResourceDefinition],
  reads: [],
  *check({ name, object }) {
    const minimum = minimums.get(name);
    if (minimum === undefined) return;
    const text = textMapAt(fieldsAt(object, "metadata"), "annotations")[bundleVersion] ?? "";
    const version = versionOf(text);
    if (version === undefined || !lt(version, minimum)) return;
    yield {
      code: "IST0176",
      message: say("This CRD is of Gateway API {0}; Istio needs at least {1} to read it", text, minimum),
      path: ["metadata", "annotations", bundleVersion],
    };
  },
};

/** "v1.4" and "1.4.0-rc.1" are 1.4.0; undefined for what is no version. */
function versionOf(text: string): string | undefined {
  if (!/^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/u.test(text)) return undefined;
  const version = parse(text) ?? coerce(text);
  return version === null ? undefined : `${version.major}.${version.minor}.${version.patch}`;
}
