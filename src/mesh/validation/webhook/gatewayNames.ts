import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isDnsLabel, isFqdn } from "../values/names.ts";
import type { Field } from "./field.ts";

/** Names of Gateways in a VirtualService. An entry without a namespace ends the check, as in Istio. */
export function checkGatewayNames(gateways: readonly Field[]): void {
  for (const gateway of gateways) {
    const { text } = gateway;
    const slash = text.indexOf("/");
    if (slash < 0) {
      const [name = "", namespace = ""] = text.split(".");
      if (text.includes(".")) gateway.warn(say("Write {0}/{1}: names with dots are the old form", namespace, name));
      if (!isFqdn(text)) gateway.error(say("{0} is no name of a gateway", text), { problem: problems.badName });
      return;
    }
    const [namespace, name] = [text.slice(0, slash), text.slice(slash + 1)];
    if (!isDnsLabel(namespace) || !isDnsLabel(name)) {
      gateway.error(say("{0} is not namespace/name of a gateway", text), { problem: problems.badName });
    }
  }
}

/** True for rules of gateways only, so not for the mesh. */
export function isForGatewaysOnly(spec: Field): boolean {
  const names = spec.list("gateways").map(({ text }) => text);
  return names.length > 0 && !names.includes("mesh");
}
