import type { CallPlan, ExternalPlan, PortPlan, ServicePlan, WorkloadPlan } from "./blueprint.ts";

/** What the parts of the world add to while it is being drawn up. */
export interface Draft {
  readonly services: ServicePlan[];
  readonly workloads: WorkloadPlan[];
  readonly externals: ExternalPlan[];
  readonly calls: CallPlan[];
}

type Needed<T, K extends keyof T> = Pick<T, K> & Partial<T>;

export function addWorkload(
  draft: Draft,
  plan: Needed<WorkloadPlan, "cluster" | "namespace" | "name" | "plane">,
): WorkloadPlan {
  const app = plan.app ?? plan.name;
  const workload: WorkloadPlan = {
    kind: "Deployment",
    app,
    version: undefined,
    revision: plan.plane === "sidecar" || plan.plane === "gateway" || plan.plane === "waypoint" ? "1-29" : "",
    replicas: 1,
    image: `registry.example/${plan.namespace}/${app}:${plan.version ?? "1.0"}`,
    ports: [{ name: "http", port: 8080, protocol: "http" }],
    medianMillis: 12,
    failingShare: 0,
    notFoundShare: 0,
    sickness: undefined,
    schedule: undefined,
    labels: {},
    ...plan,
  };
  draft.workloads.push(workload);
  return workload;
}

export function addService(
  draft: Draft,
  plan: Needed<ServicePlan, "cluster" | "namespace" | "name" | "ports">,
): ServicePlan {
  const service: ServicePlan = { app: plan.name, isHeadless: false, waypoint: undefined, ...plan };
  draft.services.push(service);
  return service;
}

/** "namespace/workload" calls "namespace/service:port" in a cluster. */
export function addCall(
  draft: Draft,
  cluster: string,
  route: readonly [from: string, to: string],
  more: Partial<CallPlan> = {},
): void {
  const [fromNamespace = "", workload = ""] = route[0].split("/");
  const [toNamespace = "", target = ""] = route[1].split("/");
  const [service = "", port = ""] = target.split(":");
  draft.calls.push({
    cluster,
    from: { namespace: fromNamespace, workload },
    to: { namespace: toNamespace, service, port: Number(port) },
    perRequest: more.demand ? 0 : 1,
    demand: undefined,
    requestBytes: 640,
    responseBytes: 2400,
    ...more,
  });
}

export function http(port: number): PortPlan {
  return { name: "http", port, protocol: "http" };
}

export function grpc(port: number): PortPlan {
  return { name: "grpc", port, protocol: "grpc" };
}

export function tcp(port: number, name = "tcp"): PortPlan {
  return { name, port, protocol: "tcp" };
}
