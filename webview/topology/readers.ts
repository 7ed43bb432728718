import type { Readers } from "../../src/protocol/connect.ts";
import type { TopologyContract } from "../../src/protocol/topology/topologyContract.ts";

const asItIs = (value: unknown) => value as never;

export const readers: Readers<TopologyContract> = {
  results: {
    "page.open": asItIs,
    "graph.load": asItIs,
    "graph.mark": asItIs,
    "graph.complete": asItIs,
    "details.load": asItIs,
    "details.series": asItIs,
    "link.follow": asItIs,
    "text.copy": asItIs,
    "graph.export": asItIs,
    "positions.save": asItIs,
    "way.take": asItIs,
    "page.help": asItIs,
  },
  events: { "focus.show": asItIs, "mesh.changed": asItIs, "menu.act": asItIs },
};
