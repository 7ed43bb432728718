import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds, type KindName } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";

type Labels = Readonly<Record<string, string>>;

interface Labelled {
  readonly object: WorldObject;
  readonly labels: Labels;
}

const templated: readonly KindName[] = [kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet];

/** Pods, and templates that stand for them, by each of their labels: "key=value". */
const podsByLabel = defineQuery((world): ReadonlyMap<string, readonly Labelled[]> => {
  const byLabel = new Map<string, Labelled[]>();
  const put = (object: WorldObject, metadata: unknown): void => {
    const labels = textMapAt(metadata, "labels");
    for (const [key, value] of Object.entries(labels)) {
      const pair = `${key}=${value}`;
      const known = byLabel.get(pair);
      if (known === undefined) byLabel.set(pair, [{ object, labels }]);
      else known.push({ object, labels });
    }
  };
  for (const pod of world.all(kinds.Pod)) put(pod, fieldsAt(pod.object, "metadata"));
  for (const kind of templated) {
    for (const owner of world.all(kind)) {
      put(owner, fieldsAt(fieldsAt(fieldsAt(owner.object, "spec"), "template"), "metadata"));
    }
  }
  return byLabel;
});

/** The namespaces of the pods that a selector (the JSON text of its pairs) selects, in order of their names. */
export const namespacesSelected = defineQuery((world, selector): readonly string[] => {
  const pairs = textMapAt({ pairs: JSON.parse(selector) as unknown }, "pairs");
  const byLabel = world.ask(podsByLabel);
  // The rarest label, so that a label of all pods costs nothing.
  const lists = Object.entries(pairs).map(([key, value]) => byLabel.get(`${key}=${value}`) ?? []);
  const [shortest = []] = lists.sort((a, b) => a.length - b.length);
  const found = shortest.filter(({ labels }) => hasLabels(labels, pairs)).map(({ object }) => object.namespace);
  return [...new Set(found)].sort();
});

/** The namespace of a Gateway's pods ("namespace/name"), where its Secrets are; its own where no pod is known. */
export const gatewayNamespace = defineQuery((world, key): string => {
  const namespace = key.slice(0, key.indexOf("/"));
  const gateway = world.get(kinds.Gateway, namespace, key.slice(key.indexOf("/") + 1));
  const selector = textMapAt(fieldsAt(gateway?.object, "spec"), "selector");
  const selected = world.ask(namespacesSelected, JSON.stringify(selector));
  return selected.includes(namespace) ? namespace : (selected[0] ?? namespace);
});
