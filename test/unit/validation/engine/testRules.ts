import { say } from "../../../../src/mesh/message.ts";
import { listAt, textAt } from "../../../../src/mesh/model/fields.ts";
import { kinds } from "../../../../src/mesh/validation/kinds.ts";
import type { Rule } from "../../../../src/mesh/validation/rule.ts";
import { defineQuery } from "../../../../src/mesh/validation/world/query.ts";

/** A rule that counts how often it runs on each object. */
export interface CountedRule {
  readonly rule: Rule;
  /** Names of objects, in the order of the runs. */
  readonly runs: string[];
}

const hostOwners = defineQuery<number>((world, host) => world.ask(allHosts).filter((one) => one === host).length);
const allHosts = defineQuery<readonly string[]>((world) =>
  world.all(kinds.VirtualService).flatMap(({ object }) => listAt(object["spec"], "hosts").map(String)),
);

/** Tells VirtualServices whose first host another one has, too. */
export function sameHostRule(): CountedRule {
  const runs: string[] = [];
  const rule: Rule = {
    name: "sameHost",
    layer: "foreyard",
    codes: [info("FY9001", "warning")],
    kinds: [kinds.VirtualService],
    reads: [kinds.VirtualService],
    *check(object, world) {
      runs.push(object.name);
      const [host] = listAt(object.object["spec"], "hosts");
      if (typeof host !== "string" || world.ask(hostOwners, host) < 2) return;
      yield { code: "FY9001", message: say("Again {0}", host), path: ["spec", "hosts", 0], problem: "same-host" };
    },
  };
  return { rule, runs };
}

/** Tells VirtualServices whose gateway is not there. */
export const gatewayRule: Rule = {
  name: "gatewayThere",
  layer: "analyzer",
  codes: [info("FY9002", "error")],
  kinds: [kinds.VirtualService],
  reads: [kinds.Gateway],
  *check(object, world) {
    const name = textAt(object.object["spec"], "gateway");
    if (name === undefined || world.get(kinds.Gateway, object.namespace, name) !== undefined) return;
    yield { code: "FY9002", message: say("No {0}", name), path: ["spec", "gateway"], missingIn: object.namespace };
  },
};

export function info(code: string, severity: "error" | "warning" | "info" | "hint") {
  return { code, severity, title: code, explanation: code, source: "test" };
}
