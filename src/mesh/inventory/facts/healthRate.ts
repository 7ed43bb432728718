import { textAt, fieldsAt } from "../../model/fields.ts";
import type { LabelPool } from "./labelPool.ts";

/** The annotation by which an object tells which failures are tolerated, of the first of these that has it. */
export function healthRateOf(pool: LabelPool, ...metadata: readonly unknown[]): { readonly healthRate?: string } {
  for (const meta of metadata) {
    const rate = textAt(fieldsAt(meta, "annotations"), "health.kiali.io/rate");
    if (rate !== undefined) return { healthRate: pool.text(rate) };
  }
  return {};
}
