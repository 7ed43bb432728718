import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isHttpToken } from "../values/names.ts";
import type { Field } from "./field.ts";
import { checkGatewayNames } from "./gatewayNames.ts";
import { checkDnsLabel, checkLabels, checkPort, checkRegex } from "./scalars.ts";

const claimKey = /^@request\.auth\.claims(?:\..+|\[.+\])/iu;
const pseudoHeaders = new Set([":method", ":scheme", ":authority", ":path", ":status"]);

/** istio.networking.v1alpha3.HTTPMatchRequest (istio-analysis, 5.1.7). */
export function checkHttpMatch(match: Field, isForGateways: boolean): void {
  for (const name of ["headers", "withoutHeaders"] as const) {
    for (const [key, value] of match.at(name).entries) {
      checkHeaderKey(key, value, isForGateways);
      if (!value.isSet)
        value.error(say("The header {0} needs a match", key), { at: "key", problem: problems.missingField });
      else if (!(name === "withoutHeaders" && value.textAt("regex") === "*")) checkStringMatch(value, true);
    }
  }
  for (const name of ["scheme", "method", "authority"]) checkStringMatch(match.at(name), true);
  for (const [, value] of match.at("queryParams").entries) checkStringMatch(value, true);
  checkStringMatch(match.at("uri"), false);
  if (match.numberAt("port") !== 0) checkPort(match.at("port"));
  checkLabels(match.at("sourceLabels"));
  checkGatewayNames(match.list("gateways"));
  if (match.textAt("sourceNamespace") !== "") checkDnsLabel(match.at("sourceNamespace"));
}

/** istio.networking.v1alpha3.StringMatch. An empty prefix matches everything, which is said of URIs only. */
export function checkStringMatch(match: Field, refusesEmptyPrefix: boolean): void {
  if (!match.isSet) return;
  if (match.has("regex")) checkRegex(match.at("regex"));
  else if (refusesEmptyPrefix && match.has("prefix") && match.textAt("prefix") === "") {
    match.at("prefix").error(say("An empty prefix matches everything"), { problem: problems.badValue });
  }
}

function checkHeaderKey(key: string, value: Field, isForGateways: boolean): void {
  if (claimKey.test(key)) {
    if (isForGateways) return;
    value.error(say("Claims of a token can be matched at gateways only"), { at: "key" });
  } else if (!pseudoHeaders.has(key) && !isHttpToken(key)) {
    value.error(say("{0} is no name of a header", key === "" ? '""' : key), { at: "key", problem: problems.badName });
  }
}
