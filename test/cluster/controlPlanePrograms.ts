import { existsSync } from "node:fs";
import path from "node:path";
import { goBuild } from "../support/goBuild.ts";

export type ProgramName = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "node" | "kubectl";

/** What to run for each program: a command and its first arguments. */
export type Programs = Readonly<Record<ProgramName, readonly [string, ...string[]]>>;

export const clusterModule = { name: "cluster", folder: new URL("./", import.meta.url) };

/**
 * Finds the programs of a control plane: those in the folder `KUBEBUILDER_ASSETS` if it is set, and all others in the
 * one binary that is built from this folder. The build is left out if it is not needed.
 */
export async function findPrograms(
  needed: readonly ProgramName[],
): Promise<{ readonly programs: Programs; readonly skip: false } | { readonly skip: string }> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const given = (name: ProgramName) => assets !== undefined && existsSync(path.join(assets, name));
  let binary = "";
  if (!needed.every(given)) {
    const built = await goBuild(clusterModule);
    if (built.skip !== false) return built;
    binary = built.binary;
  }
  const program = (name: ProgramName): readonly [string, ...string[]] =>
    assets !== undefined && given(name) ? [path.join(assets, name)] : [binary, name];
  return {
    skip: false,
    programs: {
      etcd: program("etcd"),
      "kube-apiserver": program("kube-apiserver"),
      "kube-controller-manager": program("kube-controller-manager"),
      "kube-scheduler": program("kube-scheduler"),
      node: program("node"),
      kubectl: program("kubectl"),
    },
  };
}
