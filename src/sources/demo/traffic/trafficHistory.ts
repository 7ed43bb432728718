import type { World } from "../world/blueprint.ts";
import { indexWorld, type WorldIndex } from "../world/worldIndex.ts";
import { flowsOf } from "./flowsOf.ts";
import type { Flow } from "./flow.ts";
import type { TrafficConfig } from "./trafficConfig.ts";
import { Waves } from "./waves.ts";

interface Era {
  readonly sinceMillis: number;
  readonly configs: ReadonlyMap<string, TrafficConfig>;
  flows: readonly Flow[] | undefined;
}

/** Some time under one configuration: its flows, and each wave's integral over it in seconds. */
export interface Span {
  readonly flows: readonly Flow[];
  readonly integrals: Float64Array;
}

/** What flowed since time zero of the world. Every change of configuration begins an era; rates never jump backwards. */
export class TrafficHistory {
  readonly world: World;
  readonly index: WorldIndex;
  readonly startMillis: number;
  readonly waves: Waves;
  readonly #eras: Era[];

  constructor(world: World, configs: ReadonlyMap<string, TrafficConfig>, startMillis: number) {
    this.world = world;
    this.index = indexWorld(world);
    this.startMillis = startMillis;
    this.waves = new Waves(world.seed, world.demands);
    this.#eras = [{ sinceMillis: startMillis, configs, flows: undefined }];
  }

  /** From now on traffic follows this configuration. Flows are worked out when somebody asks. */
  changeConfig(configs: ReadonlyMap<string, TrafficConfig>, atMillis: number): void {
    const last = this.#eras.at(-1);
    if (last && last.sinceMillis >= atMillis) this.#eras.pop();
    this.#eras.push({ sinceMillis: Math.max(atMillis, last?.sinceMillis ?? atMillis), configs, flows: undefined });
  }

  /** The window in pieces, one for each era it touches; nothing before time zero. */
  spans(fromMillis: number, toMillis: number): readonly Span[] {
    return this.#eras.flatMap((era, i) => {
      const from = Math.max(fromMillis, era.sinceMillis);
      const to = Math.min(toMillis, this.#eras[i + 1]?.sinceMillis ?? Infinity);
      if (to <= from) return [];
      return [{ flows: this.#flows(era), integrals: this.waves.integrals(from, to) }];
    });
  }

  #flows(era: Era): readonly Flow[] {
    era.flows ??= flowsOf(this.world, this.index, era.configs);
    return era.flows;
  }
}
