import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { checkCors, checkFault } from "./faults.ts";
import { checkDestination, checkDestinations } from "./destination.ts";
import type { Field } from "./field.ts";
import { checkHeaders, setsAuthority } from "./headers.ts";
import { checkHttpMatch } from "./httpMatch.ts";
import { checkRetries } from "./retries.ts";
import { checkDirectResponse, checkRedirect, checkRewrite } from "./rewrites.ts";
import { checkDuration, checkPercentage } from "./scalars.ts";

interface Place {
  readonly isDelegate: boolean;
  readonly isForGateways: boolean;
}

/** istio.networking.v1alpha3.HTTPRoute (istio-analysis, 5.1.7). */
export function checkHttpRoute(route: Field, { isDelegate, isForGateways }: Place): void {
  if (route.has("delegate")) checkDelegate(route, isDelegate);
  else checkOneAction(route);
  for (const match of route.list("match")) checkHttpMatch(match, isForGateways || isDelegate);
  checkHeaders(route.at("headers"));
  for (const target of route.list("route")) checkHeaders(target.at("headers"));
  checkAuthority(route);
  checkCors(route.at("corsPolicy"));
  checkFault(route.at("fault"));
  checkMirrors(route);
  checkRedirect(route);
  checkDirectResponse(route.at("directResponse"));
  checkRetries(route.at("retries"));
  checkRewrite(route.at("rewrite"));
  checkDuration(route.at("timeout"));
  checkDestinations(route.list("route"));
}

function checkDelegate(route: Field, isDelegate: boolean): void {
  if (isDelegate) {
    route.at("delegate").error(say("A delegate cannot delegate again"), { at: "key" });
    return;
  }
  for (const name of ["redirect", "route"]) {
    if (!route.isFilled(name)) continue;
    route
      .at(name)
      .error(say("A route that delegates has no {0}", name), { at: "key", problem: problems.conflictingFields });
  }
}

function checkOneAction(route: Field): void {
  const conflict = (name: string, others: readonly string[]): void => {
    for (const other of others) {
      if (!route.isFilled(other) && !(other !== "route" && route.has(other))) continue;
      route.at(other).error(say("A route with {0} cannot have {1}", name, other), {
        at: "key",
        problem: problems.conflictingFields,
      });
    }
  };
  if (route.has("redirect")) conflict("redirect", ["route", "fault", "rewrite", "directResponse"]);
  else if (route.has("directResponse")) conflict("directResponse", ["route", "fault", "rewrite"]);
  else if (route.list("route").length === 0) {
    route.error(say("A route needs destinations, a redirect or a directResponse"), { problem: problems.missingField });
  }
}

function checkAuthority(route: Field): void {
  const all = [route, ...route.list("route")];
  const setters = all.filter((part) => setsAuthority(part.at("headers")));
  const rewrites = route.at("rewrite").textAt("authority") !== "";
  const [first] = setters;
  if (first === undefined || (!rewrites && !(setters.length > 1 && setters.includes(route)))) return;
  first.at("headers").error(say("The authority is set more than once"), { problem: problems.conflictingFields });
}

function checkMirrors(route: Field): void {
  if (route.has("mirror") && route.list("mirrors").length > 0) {
    route.at("mirrors").error(say("Only one of mirror and mirrors can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  for (const name of ["mirrorPercent", "mirror_percent"]) {
    const percent = route.at(name);
    if (!percent.isSet) continue;
    percent.warn(say("mirrorPercent is deprecated; use mirrorPercentage"), { at: "key", tags: ["deprecated"] });
    const value = typeof percent.value === "number" ? percent.number : percent.numberAt("value");
    if (value > 100) percent.error(say("{0} is more than 100", value), { problem: problems.badValue });
  }
  const percentage = route.at("mirrorPercentage").at("value");
  if (percentage.number < 0 || percentage.number > 100) {
    percentage.error(say("{0} is not between 0 and 100", percentage.number), { problem: problems.badValue });
  }
  if (route.has("mirror")) checkDestination(route.at("mirror"));
  for (const mirror of route.list("mirrors")) {
    checkDestination(mirror.at("destination"));
    checkPercentage(mirror.at("percentage"));
  }
}
