import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { meet, rivalsOf, type HostClaim } from "../registry/meeting.ts";
import { namesOf, relatedTo } from "../related.ts";

export const sameEntry: Rule = {
  name: "kialiSameEntry",
  layer: "kiali",
  codes: [
    {
      code: "KIA1211",
      severity: "warning",
      title: "Several ServiceEntries for a host and port",
      explanation:
        "Several ServiceEntries declare the same host and port. Their endpoints are merged, or one of them is ignored. Merge them, or restrict who sees them with exportTo.",
      source: "networking.istio.io ServiceEntry, hosts and ports; Kiali's serviceentries/multi_match_checker.go",
    },
    {
      code: "KIA1212",
      severity: "warning",
      title: "ServiceEntries disagree on a port's protocol",
      explanation:
        "Several ServiceEntries declare the same host and port with different protocols. One of them counts, and which is not defined. Make them agree.",
      source: "networking.istio.io ServiceEntry, ports.protocol; Kiali's serviceentries/multi_match_checker.go",
    },
  ],
  kinds: [kinds.ServiceEntry],
  reads: [kinds.ServiceEntry, kinds.Sidecar, kinds.MeshConfig],
  *check(entry, world) {
    const spec = fieldsAt(entry.object, "spec");
    const hosts = textsAt(spec, "hosts");
    for (const [index, port] of portsOf(spec).entries()) {
      if (port === undefined) continue;
      const found = hosts.map((host) => ({ host, others: rivals(world, entry, host, port) }));
      const others = [...new Set(found.flatMap((one) => one.others))];
      const [first] = found.filter((one) => one.others.length > 0);
      if (first === undefined) continue;
      const isConflict = others.some((other) => protocolsOf(other, port.number).some((text) => text !== port.protocol));
      yield {
        code: isConflict ? "KIA1212" : "KIA1211",
        path: isConflict ? ["spec", "ports", index, "protocol"] : ["spec", "ports", index],
        problem: isConflict ? problems.protocolConflict : problems.sameHostTwice,
        message: isConflict
          ? say("{0} declares port {1} of {2} with another protocol", namesOf(others), port.number, first.host)
          : say("{0} declares port {1} of {2} too", namesOf(others), port.number, first.host),
        related: relatedTo(others, ["spec", "ports"], say("Also declares port {0}", port.number)),
      };
    }
  },
};

interface EntryPort {
  readonly number: number;
  readonly protocol: string;
}

function portsOf(spec: unknown): readonly (EntryPort | undefined)[] {
  return listAt(spec, "ports").map((port) => {
    const { number } = fieldsOf(port);
    return typeof number === "number"
      ? { number, protocol: (textAt(port, "protocol") ?? "").toUpperCase() }
      : undefined;
  });
}

function protocolsOf({ object }: WorldObject, number: number): readonly string[] {
  return portsOf(fieldsAt(object, "spec")).flatMap((port) => (port?.number === number ? [port.protocol] : []));
}

function rivals(world: World, entry: WorldObject, host: string, { number }: EntryPort): readonly WorldObject[] {
  const own = { object: entry, key: host.toLowerCase() };
  return rivalsOf(world.ask(entriesOn, `${own.key} ${String(number)}`), own, (other) => meet(world, own, other, true));
}

const entriesByPort = defineQuery<ReadonlyMap<string, readonly HostClaim[]>>((world) => {
  const entries = new Map<string, HostClaim[]>();
  for (const object of world.all(kinds.ServiceEntry)) {
    const spec = fieldsAt(object.object, "spec");
    const ports = new Set(portsOf(spec).flatMap((port) => port?.number ?? []));
    for (const key of new Set(textsAt(spec, "hosts").map((host) => host.toLowerCase()))) {
      for (const port of ports) {
        const place = `${key} ${String(port)}`;
        const list = entries.get(place);
        if (list === undefined) entries.set(place, [{ object, key }]);
        else list.push({ object, key });
      }
    }
  }
  return entries;
});

/** The ServiceEntries that declare a port of a host, by "HOST PORT". */
const entriesOn = defineQuery<readonly HostClaim[]>((world, key) => world.ask(entriesByPort).get(key) ?? []);
