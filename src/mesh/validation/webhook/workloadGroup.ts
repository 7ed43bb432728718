import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { isLabelKey, isLabelValue } from "../values/names.ts";
import type { Field } from "./field.ts";
import { checkNotNegative, checkOneOf, checkPort } from "./scalars.ts";
import { checkSelector } from "./selectors.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.13. */
export const workloadGroup = webhookRule(kinds.WorkloadGroup, (spec) => {
  if (!spec.has("template")) {
    spec.error(say("A WorkloadGroup needs a template"), { problem: problems.missingField });
    return;
  }
  const labels = spec.at("metadata").at("labels");
  const bad = labels.entries.find(([key, value]) => !isLabelKey(key) || !isLabelValue(value.text));
  if (bad !== undefined) {
    const [key, value] = bad;
    value.error(say("{0}={1} is no label", key, value.text), { problem: problems.badName });
    return;
  }
  const probe = spec.at("probe");
  if (probe.isSet) checkProbe(probe);
});

const times = ["periodSeconds", "initialDelaySeconds", "timeoutSeconds", "successThreshold", "failureThreshold"];

function checkProbe(probe: Field): void {
  for (const name of times) checkNotNegative(probe.at(name));
  if (probe.has("httpGet")) {
    const get = probe.at("httpGet");
    checkPort(get.at("port"));
    checkOneOf(get.at("scheme"), ["", "HTTP", "HTTPS"]);
    for (const header of get.list("httpHeaders")) {
      const name = header.at("name");
      if (!/^[-A-Za-z0-9]+$/u.test(name.text)) {
        name.error(say("{0} is no name of a header", name.text === "" ? '""' : name.text), {
          problem: problems.badName,
        });
      }
    }
  } else if (probe.has("tcpSocket")) checkPort(probe.at("tcpSocket").at("port"));
  else if (probe.has("exec")) {
    if (probe.at("exec").list("command").length === 0) {
      probe.at("exec").error(say("A probe by exec needs a command"), { problem: problems.missingField });
    }
  } else probe.error(say("A probe needs httpGet, tcpSocket or exec"), { problem: problems.missingField });
}

/** istio-analysis, 5.14. */
export const proxyConfig = webhookRule(kinds.ProxyConfig, (spec) => {
  checkSelector(spec.at("selector"));
  checkNotNegative(spec.at("concurrency"));
});
