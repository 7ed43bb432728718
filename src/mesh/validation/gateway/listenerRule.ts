import { kinds } from "../kinds.ts";
import { conditionsOfObject } from "./conditions.ts";
import type { Rule } from "../rule.ts";
import { faultFindings, faultsOf, readByConditions } from "./faultFindings.ts";

const codes: Readonly<Record<string, string>> = {
  UnsupportedProtocol: "FY0303",
  InvalidCertificateRef: "FY0304",
  InvalidClientCertificateRef: "FY0304",
  InvalidCACertificateRef: "FY0305",
  InvalidCACertificateKind: "FY0305",
  RefNotPermitted: "FY0306",
  InvalidRouteKinds: "FY0307",
  ProtocolConflict: "FY0308",
  HostnameConflict: "FY0308",
};

export const gatewayListeners: Rule = {
  name: "gatewayListeners",
  layer: "gateway",
  codes: [
    {
      code: "FY0303",
      severity: "error",
      title: "Listener not supported",
      explanation:
        "Istio serves listeners of HTTP, HTTPS, TLS and TCP; waypoints and east-west gateways HBONE on port 15008. Others are not accepted.",
      source: "listeners[].protocol; reason UnsupportedProtocol; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0304",
      severity: "error",
      title: "Certificate cannot be used",
      explanation:
        "A listener terminates TLS with a key pair of a Secret with tls.crt and tls.key. Without any valid one it is not programmed.",
      source:
        "listeners[].tls.certificateRefs, spec.tls.backend.clientCertificateRef; reasons InvalidCertificateRef, InvalidClientCertificateRef; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0305",
      severity: "error",
      title: "CA certificate of clients cannot be used",
      explanation:
        "Clients are checked by one CA certificate in ca.crt of a ConfigMap or Secret. Without it the listeners are not accepted.",
      source:
        "spec.tls.frontend; reasons InvalidCACertificateRef, InvalidCACertificateKind; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0306",
      severity: "error",
      title: "Certificate of another namespace not permitted",
      explanation: "A Gateway may use a certificate of another namespace only if a ReferenceGrant there says so.",
      source: "ReferenceGrant; reason RefNotPermitted; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0307",
      severity: "error",
      title: "Listener takes no such routes",
      explanation:
        "The protocol of a listener decides which kinds of routes it can take: HTTP and HTTPS take HTTPRoute and GRPCRoute, TCP takes TCPRoute, TLS takes TLSRoute.",
      source:
        "listeners[].allowedRoutes.kinds; reason InvalidRouteKinds; Istio's pilot/pkg/config/kube/gatewaycommon/conversion.go",
    },
    {
      code: "FY0308",
      severity: "error",
      title: "Listeners conflict",
      explanation:
        "On one port of a Gateway and its ListenerSets each host name is given once, and TCP goes with nothing else. The listener that comes later is not served.",
      source:
        "reasons HostnameConflict, ProtocolConflict; Istio's pilot/pkg/config/kube/gatewaycommon/listener_conflict.go",
    },
  ],
  kinds: [kinds.KubernetesGateway, kinds.ListenerSet],
  reads: readByConditions,
  *check(object, world) {
    yield* faultFindings(faultsOf(conditionsOfObject(world, object)), codes);
  },
};
