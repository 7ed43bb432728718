import { listAt } from "../../model/fields.ts";

/** The texts of a list field with their places in it, so that a finding can point at one. */
export function textItems(value: unknown, name: string): readonly (readonly [index: number, text: string])[] {
  return listAt(value, name).flatMap((item, index) => (typeof item === "string" ? [[index, item] as const] : []));
}
