import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";

const ofGateway: Readonly<Record<string, string>> = {
  Accepted: "False",
  Programmed: "False",
  Ready: "False",
  Scheduled: "False",
};

const ofListener: Readonly<Record<string, string>> = {
  Accepted: "False",
  Programmed: "False",
  Ready: "False",
  ResolvedRefs: "False",
  Conflicted: "True",
  Detached: "True",
};

const benign: ReadonlySet<string> = new Set(["Pending", "ListenersNotValid", "ListenerSetsNotValid"]);

/** What the status of a live Gateway complains of. */
export const liveStatus: Rule = {
  name: "kialiLiveStatus",
  layer: "kiali",
  codes: [
    {
      code: "GWAPI",
      severity: "warning",
      title: "Gateway's status tells a fault",
      explanation:
        "The controller of the Gateway wrote into its status that it, or a listener, is not accepted, programmed or resolved. The cause is in the spec.",
      source: "Gateway, status; Kiali's k8sgateways/status_checker.go",
    },
  ],
  kinds: [kinds.KubernetesGateway],
  reads: [],
  *check({ object, origin }) {
    // A status in a file is a copy of some day.
    if (origin.from !== "live") return;
    const status = fieldsAt(object, "status");
    yield* faults(status, ["status"], ofGateway);
    for (const [index, listener] of listAt(status, "listeners").entries()) {
      yield* faults(listener, ["status", "listeners", index], ofListener);
    }
  },
};

function* faults(holder: unknown, path: FieldPath, negative: Readonly<Record<string, string>>): Generator<RuleFinding> {
  for (const [index, condition] of listAt(holder, "conditions").entries()) {
    const type = textAt(condition, "type") ?? "";
    const status = textAt(condition, "status");
    const reason = textAt(condition, "reason") ?? "";
    const message = textAt(condition, "message") ?? "";
    if (status === undefined || !Object.hasOwn(negative, type) || negative[type] !== status) continue;
    if (benign.has(reason) || (reason === "AddressNotAssigned" && message.includes("address pending"))) continue;
    yield {
      code: "GWAPI",
      message: say("{0} is {1} ({2}): {3}", type, status, reason, message),
      path: [...path, "conditions", index],
    };
  }
}
