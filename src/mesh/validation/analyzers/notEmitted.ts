/** A code that Istio defines and that no analyzer of it gives, with why Foreyard has no rule for it. */
export interface NotEmitted {
  readonly code: string;
  readonly title: string;
  readonly why: string;
}

const precheck = "Only istioctl's upgrade precheck gives it, which compares a cluster with a release to install.";
const reserved = "Istio defines it; no analyzer of it gives it.";

/** Source: Istio's pkg/config/analysis/msg/messages.yaml. */
export const notEmitted: readonly NotEmitted[] = [
  { code: "IST0001", title: "Error inside Istio's tools", why: reserved },
  { code: "IST0141", title: "Permissions to install Istio are missing", why: precheck },
  { code: "IST0142", title: "Kubernetes version not supported", why: precheck },
  { code: "IST0143", title: "Service port bound to localhost", why: `${reserved} It needs a look into running pods.` },
  { code: "IST0156", title: "Gateway API version not supported", why: `${precheck} IST0176 tells it of each CRD.` },
  { code: "IST0168", title: "Compatibility of an upgrade unknown", why: reserved },
  { code: "IST0169", title: "Setting incompatible with an upgrade", why: precheck },
  {
    code: "IST0172",
    title: "Gateway API version soon not supported",
    why: `${precheck} IST0176 tells it of each CRD.`,
  },
];
