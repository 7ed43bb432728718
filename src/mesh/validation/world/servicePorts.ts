import { countAt, textAt } from "../../model/fields.ts";
import { isKnown, servicePortProtocol } from "../../model/portProtocol.ts";

/** True if Istio knows the protocol of a Service's port by its `appProtocol`, its name or its number. */
export function hasKnownProtocol(port: unknown): boolean {
  const protocol = servicePortProtocol({
    number: countAt(port, "port") ?? 0,
    name: textAt(port, "name") ?? "",
    transport: textAt(port, "protocol"),
    appProtocol: textAt(port, "appProtocol"),
  });
  return isKnown(protocol);
}
