import type { ServiceView } from "./views.ts";

/**
 * Whether a service counts among "in mesh / all". A ServiceEntry that selects nothing here names something outside, to
 * which membership does not apply.
 */
export function isCounted(service: ServiceView): boolean {
  return service.type !== "ServiceEntry" || service.workloads.length > 0;
}
