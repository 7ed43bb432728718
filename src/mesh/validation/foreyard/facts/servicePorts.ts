import { countAt, fieldsAt, listAt, textAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";

/** A port of a service or ServiceEntry, as other proxies see it. */
export interface HostPort {
  readonly number: number;
  /** HTTP, or of no said protocol, so that sidecars look for HTTP in it. */
  readonly isHttp: boolean;
}

const fullName = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/u;

const entryPorts = defineQuery((world): ReadonlyMap<string, readonly HostPort[]> => {
  const hosts = new Map<string, HostPort[]>();
  for (const entry of world.all(kinds.ServiceEntry)) {
    const spec = fieldsAt(entry.object, "spec");
    const ports = listAt(spec, "ports").flatMap((port) => {
      const number = countAt(port, "number");
      const protocol = textAt(port, "protocol") ?? textAt(port, "name") ?? "";
      return number === undefined ? [] : [{ number, isHttp: isHttpName(protocol) }];
    });
    for (const host of textsAt(spec, "hosts")) {
      const key = host.toLowerCase();
      hosts.set(key, [...(hosts.get(key) ?? []), ...ports]);
    }
  }
  return hosts;
});

/** The ports of a full host name in lower case; undefined where no Service or ServiceEntry of it is known. */
export const portsOfHost = defineQuery((world, host): readonly HostPort[] | undefined => {
  const [, name, namespace] = fullName.exec(host) ?? [];
  const service = name === undefined || namespace === undefined ? undefined : world.get(kinds.Service, namespace, name);
  if (service === undefined) return world.ask(entryPorts).get(host);
  return listAt(fieldsAt(service.object, "spec"), "ports").flatMap((port) => {
    const number = countAt(port, "port");
    if (number === undefined || textAt(port, "protocol") === "UDP") return [];
    const protocol = textAt(port, "appProtocol") ?? textAt(port, "name");
    return [{ number, isHttp: protocol === undefined ? !serverFirst.has(number) : isHttpName(protocol) }];
  });
});

// Ports whose protocols let the server speak first, so that istiod does not look for HTTP (pkg/config/kube).
const serverFirst = new Set([25, 53, 3306, 27017]);
const notHttp = new Set(["tcp", "udp", "https", "tls", "mongo", "mysql", "redis"]);

function isHttpName(name: string): boolean {
  const [first = ""] = name.toLowerCase().split("-");
  return !notHttp.has(first);
}
