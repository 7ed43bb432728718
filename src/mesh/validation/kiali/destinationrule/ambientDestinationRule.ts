import { fieldsAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { ambientHostRule } from "../ambient/hostRule.ts";
import { isL7DestinationRule } from "../ambient/l7.ts";

export const ambientDestinationRule = ambientHostRule({
  name: "kialiAmbientDestinationRule",
  kind: kinds.DestinationRule,
  namespaceNotEnrolled: "KIA0210",
  serviceNotEnrolled: "KIA0211",
  otherNamespace: "KIA0212",
  isForRequests: isL7DestinationRule,
  hostsOf: (object) => {
    const host = textAt(fieldsAt(object, "spec"), "host");
    return host === undefined ? [] : [{ host, path: ["spec", "host"] }];
  },
});
