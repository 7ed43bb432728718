import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

type Labels = Readonly<Record<string, string>>;

export function serviceSelector(service: WorldObject): Labels {
  return textMapAt(fieldsAt(service.object, "spec"), "selector");
}

/** Services by the first label that they select by. */
const servicesByLabel = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world, namespace) => {
  const services = new Map<string, WorldObject[]>();
  for (const service of world.inNamespace(kinds.Service, namespace)) {
    const [first] = Object.entries(serviceSelector(service));
    if (first === undefined) continue;
    const label = first.join("=");
    const list = services.get(label);
    if (list === undefined) services.set(label, [service]);
    else list.push(service);
  }
  return services;
});

/** The Services of a namespace that select pods with these labels. */
export function servicesSelecting(world: World, namespace: string, labels: Labels): readonly WorldObject[] {
  const services = world.ask(servicesByLabel, namespace);
  return Object.entries(labels)
    .flatMap((label) => services.get(label.join("=")) ?? [])
    .filter((service) => hasLabels(labels, serviceSelector(service)));
}
