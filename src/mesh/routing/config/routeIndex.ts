import { compareByAgeAndName } from "./configObject.ts";
import type { RouteConfig } from "./routeConfig.ts";

/** Route configs by who sees them and by gateway, oldest first (`initVirtualServices`). */
export class RouteIndex {
  readonly #private = new Map<string, RouteConfig[]>();
  readonly #exported = new Map<string, RouteConfig[]>();
  readonly #public = new Map<string, RouteConfig[]>();
  readonly all: readonly RouteConfig[];

  constructor(configs: readonly RouteConfig[]) {
    this.all = [...configs].sort(compareByAgeAndName);
    for (const config of this.all) for (const gateway of config.gateways) this.#add(config, gateway);
  }

  #add(config: RouteConfig, gateway: string): void {
    if (config.exportTo.has("*")) put(this.#public, gateway, config);
    else if (!config.exportTo.has("~")) {
      for (const namespace of config.exportTo)
        put(namespace === config.namespace ? this.#private : this.#exported, `${namespace}|${gateway}`, config);
    }
  }

  /** What a proxy of the namespace may use for the gateway: its own, what is exported to it, what is public. */
  tiers(namespace: string, gateway: string): readonly (readonly RouteConfig[])[] {
    const key = `${namespace}|${gateway}`;
    return [this.#private.get(key) ?? [], this.#exported.get(key) ?? [], this.#public.get(gateway) ?? []];
  }

  /** All of {@link tiers}, with the namespace's own routes of the Gateway API first among the public. */
  forGateway(namespace: string, gateway: string): readonly RouteConfig[] {
    const [own = [], exported = [], all = []] = this.tiers(namespace, gateway);
    return [...own, ...exported, ...consumersFirst(all, namespace)];
  }
}

/** Routes of the Gateway API in the client's own namespace before the rest. */
export function consumersFirst(configs: readonly RouteConfig[], namespace: string): readonly RouteConfig[] {
  const isConsumer = (config: RouteConfig): boolean => config.isGatewayApi && config.namespace === namespace;
  return [...configs.filter(isConsumer), ...configs.filter((config) => !isConsumer(config))];
}

function put(index: Map<string, RouteConfig[]>, key: string, config: RouteConfig): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [config]);
  else known.push(config);
}
