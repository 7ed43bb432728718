import { idOf, type ExternalPlan, type ServicePlan, type WorkloadPlan, type World } from "./blueprint.ts";

/** Look-ups over a world, made once. */
export interface WorldIndex {
  readonly workloads: ReadonlyMap<string, WorkloadPlan>;
  /** By "namespace/name": the members of a mesh service, one for each cluster that has it. */
  readonly services: ReadonlyMap<string, readonly ServicePlan[]>;
  /** By "namespace/app": workloads in all clusters, those a service of that namespace selects. */
  readonly byApp: ReadonlyMap<string, readonly WorkloadPlan[]>;
  readonly externals: ReadonlyMap<string, ExternalPlan>;
}

export function indexWorld(world: World): WorldIndex {
  const services = new Map<string, ServicePlan[]>();
  for (const service of world.services) push(services, `${service.namespace}/${service.name}`, service);
  const byApp = new Map<string, WorkloadPlan[]>();
  for (const plan of world.workloads) push(byApp, `${plan.namespace}/${plan.app}`, plan);
  return {
    workloads: new Map(world.workloads.map((plan) => [idOf(plan), plan])),
    services,
    byApp,
    externals: new Map(world.externals.map((plan) => [`${plan.namespace}/${plan.host}`, plan])),
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}

/** Where requests to a mesh service can end. */
export function endpointsOf(index: WorldIndex, namespace: string, name: string): readonly WorkloadPlan[] {
  const members = index.services.get(`${namespace}/${name}`) ?? [];
  const clusters = new Set(members.map((member) => member.cluster));
  const app = members[0]?.app ?? name;
  return (index.byApp.get(`${namespace}/${app}`) ?? []).filter((plan) => clusters.has(plan.cluster));
}
