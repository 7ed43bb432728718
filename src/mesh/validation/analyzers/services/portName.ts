import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { hasKnownProtocol } from "../../world/servicePorts.ts";
import { isControlPlaneObject } from "../controlPlaneObject.ts";

const managed: ReadonlySet<string> = new Set([
  "istio.io-gateway-controller",
  "istio.io-mesh-controller",
  "istio.io-eastwest-controller",
]);
const source = "ports[].name, appProtocol; Istio's analyzers/service/portname.go";

/** Ports of Services that do not say their protocol. */
export const portName: Rule = {
  name: "service.PortNameAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0118",
      severity: "info",
      title: "Port name without a protocol",
      explanation:
        "Istio reads a port's protocol from appProtocol, or from its name up to the first dash (http-web). Without one it " +
        "has to guess from the traffic.",
      source,
    },
    {
      code: "IST0150",
      severity: "warning",
      title: "ExternalName port of a bad name",
      explanation:
        "A port of an ExternalName Service that Istio takes for plain TCP catches traffic of that port for other hosts. " +
        "Name the port by its real protocol.",
      source,
    },
  ],
  kinds: [kinds.Service],
  reads: [],
  *check({ object }) {
    if (isControlPlaneObject(object)) return;
    if (managed.has(textMapAt(fieldsAt(object, "metadata"), "labels")["gateway.istio.io/managed"] ?? "")) return;
    const spec = fieldsAt(object, "spec");
    const isExternal = textAt(spec, "type") === "ExternalName";
    for (const [at, port] of listAt(spec, "ports").entries()) {
      const name = textAt(port, "name") ?? "";
      if (hasKnownProtocol(port) && !(isExternal && name === "tcp")) continue;
      const number = numberOrText(fieldsOf(port)["port"]);
      const path = ["spec", "ports", at, textAt(port, "appProtocol") === undefined ? "name" : "appProtocol"];
      if (isExternal) {
        const message = say("The port {0} of this ExternalName Service would be taken for TCP", number);
        yield { code: "IST0150", message, path, problem: problems.portNaming };
      } else if (name === "" && textAt(port, "appProtocol") === undefined) {
        const unnamed = say("The port {0} has no name that says its protocol", number);
        yield { code: "IST0118", message: unnamed, path, problem: problems.portNaming };
      } else {
        const said = textAt(port, "appProtocol") ?? name;
        const message = say("{0} of port {1} starts with no protocol that Istio knows", said, number);
        yield { code: "IST0118", message, path, problem: problems.portNaming };
      }
    }
  },
};

function numberOrText(value: unknown): number | string {
  return typeof value === "number" || typeof value === "string" ? value : "?";
}
