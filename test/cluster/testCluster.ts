import { existsSync } from "node:fs";
import { output } from "../support/programOutput.ts";
import { findPrograms } from "./controlPlanePrograms.ts";
import { startControlPlane } from "./controlPlane.ts";

/** Some cluster in which the test may do as it likes within namespaces of its own. */
export interface TestCluster {
  /** A kubeconfig file whose current context is the cluster. */
  readonly kubeconfig: string;
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/**
 * The cluster of the kubeconfig file that `FOREYARD_TEST_KUBECONFIG` names, or else a control plane of its own. For
 * tests that would be as true on any cluster; what needs users, restarts or compaction calls `startControlPlane`.
 */
export async function openTestCluster(): Promise<TestCluster> {
  const kubeconfig = process.env["FOREYARD_TEST_KUBECONFIG"];
  if (kubeconfig === undefined) {
    const { kubeconfigs, kubectl, stop } = await startControlPlane();
    return { kubeconfig: kubeconfigs.admin, kubectl, stop };
  }
  if (!existsSync(kubeconfig)) throw new Error(`FOREYARD_TEST_KUBECONFIG names ${kubeconfig}, which is not there.`);
  const found = await findPrograms(["kubectl"]);
  if (found.skip !== false) throw new Error(found.skip);
  const [command, ...first] = found.programs.kubectl;
  return {
    kubeconfig,
    kubectl: (...args) => output(command, [...first, `--kubeconfig=${kubeconfig}`, ...args]),
    stop: () => Promise.resolve(), // it was there before
  };
}
