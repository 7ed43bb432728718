import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { readWorkload, serviceAccountOf, workloadReads } from "./workloads.ts";

/** "namespace/name" of every service account that is declared or that a workload runs as. */
const serviceAccounts = defineQuery<ReadonlySet<string>>((world) => {
  const found = new Set(world.all(kinds.ServiceAccount).map(({ namespace, name }) => `${namespace}/${name}`));
  for (const kind of workloadReads) {
    // A WorkloadGroup only says what it wants.
    if (kind === kinds.WorkloadGroup) continue;
    for (const object of world.all(kind)) {
      found.add(`${object.namespace}/${serviceAccountOf(readWorkload(object))}`);
    }
  }
  return found;
});

const isServiceAccount = defineQuery<boolean>((world, key) => world.ask(serviceAccounts).has(key));

export function serviceAccountExists(world: World, namespace: string, name: string): boolean {
  return world.ask(isServiceAccount, `${namespace}/${name}`);
}

/** "NAMESPACE/NAME" of all service accounts of a cluster. */
export function allServiceAccounts(world: World): ReadonlySet<string> {
  return world.ask(serviceAccounts);
}
