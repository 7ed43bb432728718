import { say } from "../../../message.ts";
import { fieldsAt, textAt } from "../../../model/fields.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { labelsOfNamespace } from "../../world/membership.ts";
import { containersOf, podOf } from "../../world/workloads.ts";
import { imageTypeOf } from "./imageType.ts";
import { injectorMaps, injectorNameOf, injectorValues } from "./injectorValues.ts";

/** Namespaces with pods whose proxy is not the image that would be injected now. */
export const proxyImage: Rule = {
  name: "injection.ImageAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0158",
      severity: "warning",
      title: "Proxy image differs from the injector's",
      explanation:
        "The pods were injected with another proxy image than the injector has now, as after an upgrade of the control " +
        "plane. Restart their workloads.",
      source: "values of the ConfigMap istio-sidecar-injector; Istio's analyzers/injection/injection-image.go",
    },
  ],
  kinds: [kinds.Namespace],
  reads: [kinds.Pod, kinds.ConfigMap, kinds.ProxyConfig],
  *check({ name }, world) {
    if (world.ask(injectorMaps).size === 0) return;
    const labels = labelsOfNamespace(world, name) ?? {};
    const revision = labels["istio.io/rev"] ?? (labels["istio-injection"] === "enabled" ? "default" : undefined);
    if (revision === undefined) return;
    const image = world.ask(expectedImage, injectorNameOf(revision));
    if (image === undefined) return;
    const pods = mismatched(world, name, image);
    if (pods.length === 0) return;
    yield finding(pods, image);
  },
};

const mostNamed = 10;

function finding(pods: readonly WorldObject[], image: string): RuleFinding {
  const names = pods.map(({ name }) => name).sort();
  const shown = names.slice(0, mostNamed).join(", ") + (names.length > mostNamed ? ", …" : "");
  return {
    code: "IST0158",
    message: say("{0} pods do not run the proxy image {1}: {2}", pods.length, image, shown),
    path: ["metadata", "name"],
    related: pods.slice(0, mostNamed).map((object) => ({
      object,
      path: ["spec", "containers"],
      message: say("Runs another proxy image"),
    })),
  };
}

/** The image that an injector's ConfigMap leads to; undefined where there is no such ConfigMap. */
const expectedImage = defineQuery((world, name): string | undefined => {
  const values = world.ask(injectorValues, name);
  if (values === undefined) return undefined;
  if (values === null) return "";
  const global = fieldsAt(values, "global");
  const image = textAt(fieldsAt(global, "proxy"), "image") ?? "";
  if (image.includes("/")) return image;
  return `${textAt(global, "hub") ?? ""}/${image}:${textAt(global, "tag") ?? ""}`;
});

function mismatched(world: World, namespace: string, image: string): readonly WorldObject[] {
  return world.inNamespace(kinds.Pod, namespace).filter((object) => {
    const pod = podOf(object);
    if ((pod.annotations["sidecar.istio.io/proxyImage"] ?? "") !== "") return false;
    const proxies = containersOf(pod, true).filter(({ name }) => name === "istio-proxy");
    if (proxies.length === 0) return false;
    const typed = `${image}-${imageTypeOf(world, pod)}`;
    return proxies.some((proxy) => proxy.image !== image && proxy.image !== typed);
  });
}
