import { fieldsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { ambientHostRule } from "../ambient/hostRule.ts";
import { isL7VirtualService } from "../ambient/l7.ts";
import { textItems } from "../textItems.ts";

export const ambientVirtualService = ambientHostRule({
  name: "kialiAmbientVirtualService",
  kind: kinds.VirtualService,
  namespaceNotEnrolled: "KIA1109",
  serviceNotEnrolled: "KIA1113",
  otherNamespace: "KIA1114",
  isForRequests: isL7VirtualService,
  hostsOf: (object) =>
    textItems(fieldsAt(object, "spec"), "hosts").map(([index, host]) => ({ host, path: ["spec", "hosts", index] })),
});
