import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { output } from "../support/programOutput.ts";
import type { ControlPlane } from "./controlPlane.ts";

/** Istio's main branch, 1.32-dev. */
export const istioModule = "istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad";
/** The version that this Istio asks for. */
export const gatewayApiModule = "sigs.k8s.io/gateway-api@v1.6.0";

/** The folder of a Go module in Go's module cache, where it is downloaded to if need be. */
export async function goModuleFolder(moduleAtVersion: string): Promise<string> {
  const answer = await output("go", ["mod", "download", "-json", moduleAtVersion], { cwd: tmpdir() });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** One file with all of Istio's custom resource definitions. */
export async function istioCrdFile(): Promise<string> {
  return path.join(await goModuleFolder(istioModule), "manifests/charts/base/files/crd-all.gen.yaml");
}

/** The Gateway API's custom resource definitions of the standard channel, one file each. */
export async function gatewayApiCrdFiles(): Promise<readonly string[]> {
  const folder = path.join(await goModuleFolder(gatewayApiModule), "config/crd/standard");
  // Beside the definitions lies an admission policy against downgrades, which has no place in a new cluster.
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml") && !file.includes("_vap_"));
  return files.map((file) => path.join(folder, file));
}

/** Makes the cluster know Istio's kinds and those of the Gateway API, and waits until it serves them. */
export async function applyIstioCrds({ kubectl }: Pick<ControlPlane, "kubectl">): Promise<void> {
  const files = [await istioCrdFile(), ...(await gatewayApiCrdFiles())];
  await kubectl("apply", "--server-side", ...files.map((file) => `--filename=${file}`));
  await kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
}
