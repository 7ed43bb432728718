import { forceCollide, forceLink, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3";
import { seededRandom } from "./random.ts";
import { middleX, middleY } from "./separate.ts";
import { heightOf, widthOf } from "./shelves.ts";
import type { Steps } from "./steps.ts";
import type { Item, Link } from "./tree.ts";

const ticks = 160;

interface Body extends SimulationNodeDatum {
  readonly item: Item;
  readonly radius: number;
  /** -1: all comes in, 1: all goes out. */
  readonly flow: number;
}

interface Spring {
  source: Body;
  target: Body;
  readonly weight: number;
}

/**
 * Few hundred items by forces: linked ones near each other, callers left of what they call, disks apart. Overlaps of
 * the rectangles remain. In the simulation heights count `aspect` times, so that the picture gets wider than tall.
 */
export function* placeByForces(
  items: readonly Item[],
  links: readonly Link[],
  { gap, aspect }: { readonly gap: number; readonly aspect: number },
): Steps {
  const random = seededRandom(42);
  const flows = flowsOf(links);
  const area = items.reduce((sum, item) => sum + (widthOf(item) + gap) * (heightOf(item) + gap) * aspect, 0);
  const side = Math.sqrt(area) * 1.1;
  const bodies = items.map((item): Body => {
    const flow = flows.get(item) ?? 0;
    const radius = Math.sqrt((widthOf(item) + gap) * (heightOf(item) + gap) * aspect) / 2;
    return { item, radius, flow, x: -flow * side * 0.5 + random() * side * 0.1, y: (random() - 0.5) * side };
  });
  yield* simulate(bodies, springsOf(bodies, links), side, random);
  for (const { item, x = 0, y = 0 } of bodies) {
    item.x = x - (item.left + item.right) / 2;
    item.y = y / aspect - (item.top + item.bottom) / 2;
  }
}

function* simulate(bodies: Body[], springs: Spring[], side: number, random: () => number): Steps {
  const heaviest = springs.reduce((most, { weight }) => Math.max(most, weight), 1);
  const degree = new Map<Body, number>();
  for (const { source, target } of springs) {
    for (const end of [source, target]) degree.set(end, (degree.get(end) ?? 0) + 1);
  }
  const simulation = forceSimulation(bodies)
    .randomSource(random)
    .alphaDecay(1 - 0.002 ** (1 / ticks))
    .force(
      "link",
      forceLink<Body, Spring>(springs)
        .distance(({ source, target }) => (source.radius + target.radius) * 1.05)
        .strength(({ source, target, weight }) => {
          const fewest = Math.min(degree.get(source) ?? 1, degree.get(target) ?? 1);
          return (0.4 + 0.6 * Math.sqrt(weight / heaviest)) / fewest;
        }),
    )
    .force("along", forceX<Body>(({ flow }) => -flow * side * 0.45).strength(0.14))
    .force("middle", forceY<Body>(0).strength(0.06))
    .force(
      "apart",
      forceCollide<Body>(({ radius }) => radius)
        .strength(0.8)
        .iterations(1),
    )
    .stop();
  for (let tick = 0; tick < ticks; tick++) {
    simulation.tick();
    yield;
  }
}

function springsOf(bodies: readonly Body[], links: readonly Link[]): Spring[] {
  const byItem = new Map(bodies.map((body) => [body.item, body]));
  return links.flatMap(({ source, target, weight }) => {
    const [a, b] = [byItem.get(source), byItem.get(target)];
    return a && b ? [{ source: a, target: b, weight }] : [];
  });
}

/** Of what goes through an item: the share that goes out less the share that comes in, -1 to 1. */
export function flowsOf(links: readonly Link[]): Map<Item, number> {
  const out = new Map<Item, number>();
  const total = new Map<Item, number>();
  for (const { source, target, weight } of links) {
    out.set(source, (out.get(source) ?? 0) + weight);
    for (const end of [source, target]) total.set(end, (total.get(end) ?? 0) + weight);
  }
  return new Map([...total].map(([item, all]) => [item, (2 * (out.get(item) ?? 0)) / all - 1]));
}

/** Length of all links together, with changes of direction counted as detours: what a better picture has less of. */
export function strainOf(links: readonly Link[]): number {
  let sum = 0;
  for (const { source, target, weight } of links) {
    const across = middleX(target) - middleX(source);
    sum += Math.hypot(across < 0 ? 1.5 * across : across, middleY(target) - middleY(source)) * weight;
  }
  return sum;
}
