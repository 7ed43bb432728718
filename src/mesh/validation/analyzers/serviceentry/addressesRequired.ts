import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { meshConfigOf } from "../../world/meshConfig.ts";
import type { World } from "../../world/world.ts";

/** TCP ports of a ServiceEntry without addresses (istio-analysis, 3.32). */
export const addressesRequired: Rule = {
  name: "serviceentry.Analyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0134",
      severity: "warning",
      title: "ServiceEntry needs addresses",
      explanation:
        "TCP connections are told apart by their address only. Without addresses, and where Istio does not allocate them, every connection to the port goes here.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, ServiceEntryAddressesRequired",
    },
  ],
  kinds: [kinds.ServiceEntry],
  reads: [kinds.ConfigMap],
  *check({ object }, world) {
    const hasAddresses = [object["spec"], object["status"]].some((part) => listAt(part, "addresses").length > 0);
    if (hasAddresses || allocates(world)) return;
    for (const [at, port] of listAt(object["spec"], "ports").entries()) {
      const protocol = textAt(port, "protocol") ?? "";
      if (protocol !== "" && protocol.toUpperCase() !== "TCP") continue;
      yield {
        code: "IST0134",
        message: say("A TCP port needs spec.addresses, or Istio's allocation of addresses"),
        path: protocol === "" ? ["spec", "ports", at] : ["spec", "ports", at, "protocol"],
      };
    }
  },
};

function allocates(world: World): boolean {
  const metadata = fieldsAt(fieldsAt(meshConfigOf(world), "defaultConfig"), "proxyMetadata");
  const captures = metadata["ISTIO_META_DNS_CAPTURE"] === "true";
  return (
    captures &&
    (metadata["ISTIO_META_DNS_AUTO_ALLOCATE"] === "true" || metadata["PILOT_ENABLE_IP_AUTOALLOCATE"] === "true")
  );
}
