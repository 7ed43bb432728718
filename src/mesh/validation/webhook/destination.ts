import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { checkDnsLabel, checkHost, checkNotNegative, checkPort } from "./scalars.ts";
import type { Field } from "./field.ts";

/** istio.networking.v1alpha3.Destination. */
export function checkDestination(destination: Field): void {
  if (!destination.isSet) {
    destination.error(say("A destination is needed"), { problem: problems.missingField });
    return;
  }
  const host = destination.at("host");
  if (host.text === "*") host.error(say("* cannot be a destination"), { problem: problems.badHost });
  else checkHost(host);
  if (destination.textAt("subset") !== "") checkDnsLabel(destination.at("subset"));
  if (destination.has("port")) checkPort(destination.at("port").at("number"));
}

/** Weighted destinations of a route. */
export function checkDestinations(route: readonly Field[]): void {
  let total = 0;
  for (const target of route) {
    checkDestination(target.at("destination"));
    checkNotNegative(target.at("weight"));
    total += target.numberAt("weight");
  }
  const [first] = route;
  if (route.length > 1 && total === 0 && first !== undefined) {
    first.at("weight").error(say("The weights of several destinations add up to 0"), { problem: problems.badWeight });
  }
}
