import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";

type Labels = Readonly<Record<string, string>>;

/** True if a WorkloadEntry, or what a WorkloadGroup registers, has the labels; the namespace "*" is any. */
export function hasMachineWith(world: World, namespace: string, labels: Labels): boolean {
  return world.ask(machineLabels, namespace).some((own) => hasLabels(own, labels));
}

const machineLabels = defineQuery((world, namespace): readonly Labels[] => {
  const of = (kind: typeof kinds.WorkloadEntry | typeof kinds.WorkloadGroup) =>
    namespace === "*" ? world.all(kind) : world.inNamespace(kind, namespace);
  return [
    ...of(kinds.WorkloadEntry).map(({ object }) => ({
      ...textMapAt(fieldsAt(object, "metadata"), "labels"),
      ...textMapAt(fieldsAt(object, "spec"), "labels"),
    })),
    ...of(kinds.WorkloadGroup).map(({ object }) => textMapAt(fieldsAt(fieldsAt(object, "spec"), "metadata"), "labels")),
  ];
});
