import { textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { sameValue } from "../../world/sameValue.ts";
import { defineQuery } from "../../world/query.ts";

/** What the names of the injectors' ConfigMaps start with. */
export const injectorPrefix = "istio-sidecar-injector";

/** The name of a revision's ConfigMap for injection. */
export function injectorNameOf(revision: string): string {
  return revision === "" || revision === "default" ? injectorPrefix : `${injectorPrefix}-${revision}`;
}

/** The Helm values (JSON) in an injector's ConfigMap; undefined where there is none, null where it does not parse. */
export const injectorValues = defineQuery((world, name): unknown => {
  const map = world.ask(injectorMaps).get(name);
  if (map === undefined) return undefined;
  try {
    return JSON.parse(map) as unknown;
  } catch {
    return null;
  }
}, sameValue);

/** `data.values` of the injectors' ConfigMaps of any namespace, by name. */
export const injectorMaps = defineQuery(
  (world): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    for (const { name, object } of world.all(kinds.ConfigMap)) {
      if (name.startsWith(injectorPrefix)) found.set(name, textMapAt(object, "data")["values"] ?? "");
    }
    return found;
  },
  (a, b) => sameValue([...a], [...b]),
);
