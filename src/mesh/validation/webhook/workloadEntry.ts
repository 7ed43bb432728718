import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { isAddressOrName } from "../values/addresses.ts";
import { isDnsLabel } from "../values/names.ts";
import type { Field } from "./field.ts";
import { checkLabels, checkPort, checkUnixAddress } from "./scalars.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.12. */
export const workloadEntry = webhookRule(kinds.WorkloadEntry, (spec) => checkEntry(spec));

/** istio.networking.v1alpha3.WorkloadEntry, as an object or as an endpoint of a ServiceEntry. */
export function checkEntry(entry: Field): void {
  const address = entry.at("address");
  if (address.text === "") {
    if (entry.textAt("network") === "") {
      entry.error(say("An address is needed, or a network"), { problem: problems.missingField });
    } else entry.warn(say("Without an address, traffic goes to the network's gateway"));
  } else if (address.text.startsWith("unix://")) {
    checkUnixAddress(address);
    if (entry.at("ports").entries.length > 0) {
      entry.at("ports").error(say("A Unix socket has no ports"), { at: "key", problem: problems.conflictingFields });
    }
  } else if (!isAddressOrName(address.text)) {
    address.error(say("{0} is neither an IP address nor a full name", address.text), { problem: problems.badHost });
  }
  for (const [name, port] of entry.at("ports").entries) {
    if (!isDnsLabel(name)) port.error(say("{0} is no name of a port", name), { at: "key", problem: problems.badName });
    checkPort(port);
  }
  checkLabels(entry.at("labels"));
}
