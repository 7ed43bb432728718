/** What an image reference tells about an Istio build. */
export interface ImageVersion {
  /** E.g. "1.29.2", "1.32-alpha", "1.30.0-rc.1"; undefined where the tag is no version. */
  readonly version: string | undefined;
  readonly isVendorBuild: boolean;
}

// Where vendors publish their own builds. A private mirror of upstream's images is upstream's build.
const vendorRegistries = [
  "gcr.io/gke-release/",
  "gcr.io/istio-enterprise/",
  "us-docker.pkg.dev/gloo-mesh/",
  "us-docker.pkg.dev/soloio-img/",
  "containers.istio.tetratelabs.com/",
  "addon-containers.istio.tetratelabs.com/",
  "mcr.microsoft.com/",
  "registry.redhat.io/",
  "registry.access.redhat.com/",
  "quay.io/maistra/",
  "ghcr.io/banzaicloud/",
  "registry.banzaicloud.io/",
  "cgr.dev/",
  "docker.io/bitnami/",
  "bitnami/",
];

const versionTag = /^v?(\d+\.\d+(?:\.\d+)?)(?:-(alpha|beta|rc|dev)((?:\.\d+)?))?(?:[.-](.+))?$/;

/** Reads an image reference such as "docker.io/istio/pilot:1.24.2-distroless@sha256:...". */
export function readImage(image: string): ImageVersion {
  const [reference = ""] = image.split("@");
  const colon = reference.lastIndexOf(":");
  // A colon before the last slash belongs to the registry's port.
  const tag = colon > reference.lastIndexOf("/") ? reference.slice(colon + 1) : "";
  const [, number, stage, stageNumber = "", rest] = versionTag.exec(tag) ?? [];
  const isVendorRegistry = vendorRegistries.some((registry) => reference.startsWith(registry));
  if (number === undefined) return { version: undefined, isVendorBuild: isVendorRegistry };
  return {
    version: stage === undefined ? number : `${number}-${stage}${stageNumber}`,
    isVendorBuild: isVendorRegistry || hasVendorSuffix(rest, stage),
  };
}

// Upstream's tags end in a variant only; those of unreleased builds carry a commit ("1.32-alpha.4a5b6c...").
function hasVendorSuffix(rest: string | undefined, stage: string | undefined): boolean {
  if (rest === undefined) return false;
  const withoutVariant = rest.replace(/(^|[.-])(distroless|debug)$/, "");
  if (withoutVariant === "") return false;
  return !(stage !== undefined && /^[0-9a-f]{7,40}$/.test(withoutVariant));
}
