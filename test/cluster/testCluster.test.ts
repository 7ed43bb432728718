import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "./controlPlane.ts";
import { findPrograms } from "./controlPlanePrograms.ts";
import { openTestCluster } from "./testCluster.ts";

const environment = { ...process.env };
beforeEach(() => {
  process.env = { ...environment };
});
after(() => {
  process.env = environment;
});

describe("an existing cluster", { skip: await controlPlaneSkip({ bare: true }) }, () => {
  let existing: ControlPlane;
  before(async () => {
    existing = await startControlPlane({ bare: true });
  });
  after(() => existing.stop());

  it("is used instead of a control plane of its own, and not stopped", async () => {
    process.env["FOREYARD_TEST_KUBECONFIG"] = existing.kubeconfigs.admin;
    const cluster = await openTestCluster();
    await cluster.kubectl("create", "namespace", "made-by-a-test");
    await cluster.stop();
    assert.equal((await existing.api("GET", "/api/v1/namespaces/made-by-a-test")).status, 200);
  });

  it("must be there", async () => {
    process.env["FOREYARD_TEST_KUBECONFIG"] = path.join(existing.folder, "no-such-file");
    await assert.rejects(openTestCluster(), /FOREYARD_TEST_KUBECONFIG names .*no-such-file, which is not there/);
  });
});

describe("the programs of a control plane", () => {
  it("come from KUBEBUILDER_ASSETS where it has all that are needed, without a build", async () => {
    const assets = await mkdtemp(path.join(tmpdir(), "foreyard-assets-"));
    for (const name of ["etcd", "kube-apiserver", "kubectl"]) {
      await writeFile(path.join(assets, name), "#!/bin/sh\n");
      await chmod(path.join(assets, name), 0o755);
    }
    process.env["KUBEBUILDER_ASSETS"] = assets;
    process.env["PATH"] = assets; // where there is no Go
    const found = await findPrograms(["etcd", "kube-apiserver", "kubectl"]);
    await rm(assets, { recursive: true });
    assert.ok(found.skip === false);
    assert.deepEqual(found.programs["kube-apiserver"], [path.join(assets, "kube-apiserver")]);
  });
});
