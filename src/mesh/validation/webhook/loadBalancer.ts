import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";
import { checkLocalities } from "./localities.ts";
import { checkDuration, checkRange, checkReadable } from "./scalars.ts";

/** istio.networking.v1alpha3.LoadBalancerSettings (istio-analysis, 5.2). */
export function checkLoadBalancer(settings: Field, hasOutlierDetection: boolean): void {
  if (!settings.isSet) return;
  checkConsistentHash(settings.at("consistentHash"));
  if (settings.has("localityLbSetting") && settings.has("zoneAwareLbSetting")) {
    settings.at("zoneAwareLbSetting").error(say("Only one of localityLbSetting and zoneAwareLbSetting can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  checkLocalitySetting(settings.at("localityLbSetting"), hasOutlierDetection);
  checkZoneAware(settings.at("zoneAwareLbSetting"), hasOutlierDetection);
  const warmup = settings.at("warmup");
  if (warmup.isSet) {
    if (warmup.has("duration")) checkDuration(warmup.at("duration"));
    else warmup.error(say("duration is missing"), { problem: problems.missingField });
    checkRange(warmup.at("minimumPercent"), 0, 100);
    if (warmup.has("aggression") && warmup.numberAt("aggression") <= 0) {
      warmup.at("aggression").error(say("aggression has to be above 0"), { problem: problems.badValue });
    }
  }
  if (settings.has("warmupDurationSecs")) checkDuration(settings.at("warmupDurationSecs"));
}

function checkConsistentHash(hash: Field): void {
  if (!hash.isSet) return;
  const cookie = hash.at("httpCookie");
  if (cookie.isSet) {
    checkReadable(cookie.at("ttl"));
    if (cookie.textAt("name") === "") cookie.error(say("A cookie needs a name"), { problem: problems.missingField });
    const names = new Set<string>();
    for (const attribute of cookie.list("attributes")) {
      const name = attribute.at("name");
      if (name.text === "") name.error(say("An attribute needs a name"), { problem: problems.missingField });
      if (names.has(name.text))
        name.error(say("The attribute {0} is set twice", name.text), { problem: problems.badName });
      names.add(name.text);
    }
  }
  if (hash.numberAt("minimumRingSize") !== 0) {
    hash.at("minimumRingSize").warn(say("minimumRingSize is deprecated; use ringHash.minimumRingSize"), {
      at: "key",
      tags: ["deprecated"],
    });
    if (hash.has("ringHash") || hash.has("maglev")) {
      hash.at("minimumRingSize").error(say("minimumRingSize cannot be set with ringHash or maglev"), {
        at: "key",
        problem: problems.conflictingFields,
      });
    }
  }
  if (!hash.has("maglev")) return;
  const size = hash.at("maglev").at("tableSize");
  if (size.number === 0) size.error(say("tableSize is missing"), { problem: problems.missingField });
  else if (size.number >= 5_000_011 || !isPrime(size.number)) {
    size.error(say("{0} is no prime below 5000011", size.number), { problem: problems.badValue });
  }
}

// As Istio counts: 1 is one, too.
function isPrime(number: number): boolean {
  if (number <= 3) return number > 0;
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return true;
}

const topologyLabels = new Set([
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.istio.io/subzone",
]);

function hasTopologyLabel(setting: Field): Field | undefined {
  return setting.list("failoverPriority").find(({ text }) => topologyLabels.has(text.split("=")[0] ?? ""));
}

function checkLocalitySetting(setting: Field, hasOutlierDetection: boolean): void {
  if (!setting.isSet) return;
  const distribute = setting.list("distribute");
  const failover = setting.list("failover");
  if (distribute.length > 0 && (failover.length > 0 || setting.list("failoverPriority").length > 0)) {
    setting.at("distribute").error(say("Only one of distribute and failover can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
    return;
  }
  if (failover.length > 0) {
    const label = hasTopologyLabel(setting);
    if (label !== undefined) {
      label.error(say("With failover, failoverPriority cannot have {0}", label.text), {
        problem: problems.conflictingFields,
      });
      return;
    }
  }
  if (!checkDistribute(distribute)) return;
  checkLocalities(distribute.map((one) => one.at("from")));
  warnWithoutOutlierDetection(setting, hasOutlierDetection);
  for (const one of failover) checkFailover(one);
}

/** False: Istio looks no further. */
function checkDistribute(distribute: readonly Field[]): boolean {
  for (const one of distribute) {
    const targets = one.at("to").entries;
    let total = 0;
    for (const [, weight] of targets) {
      if (weight.number < 1 || weight.number > 100) {
        weight.error(say("{0} is not between 1 and 100", weight.number), { problem: problems.badWeight });
        return false;
      }
      total += weight.number;
    }
    if (total !== 100) {
      one.at("to").error(say("The weights add up to {0}, not to 100", total), { problem: problems.badWeight });
      return false;
    }
    checkLocalities(
      targets.map(([, weight]) => weight),
      true,
    );
  }
  return true;
}

function checkZoneAware(setting: Field, hasOutlierDetection: boolean): void {
  if (!setting.isSet) return;
  const label = hasTopologyLabel(setting);
  if (label !== undefined) label.error(say("{0} cannot stand here", label.text), { problem: problems.badValue });
  warnWithoutOutlierDetection(setting, hasOutlierDetection);
  for (const one of setting.list("failover")) checkFailover(one);
}

function warnWithoutOutlierDetection(setting: Field, hasOutlierDetection: boolean): void {
  if (hasOutlierDetection) return;
  for (const name of ["failover", "failoverPriority"]) {
    if (setting.list(name).length === 0) continue;
    setting.at(name).warn(say("Without outlierDetection nothing ever fails over"), { at: "key" });
    return;
  }
}

function checkFailover(failover: Field): void {
  const [from, to] = [failover.at("from"), failover.at("to")];
  if (from.text === to.text) to.error(say("A failover leads to another region"), { problem: problems.badValue });
  for (const end of [from, to]) {
    if (!/[/*]/u.test(end.text)) continue;
    end.error(say("{0} is no region: no / and no * can stand here", end.text), { problem: problems.badValue });
  }
}
