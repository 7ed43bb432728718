import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { fill } from "../../../src/mesh/message.ts";
import { readKubeconfig, watchKubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import { eventually } from "../../support/eventually.ts";
import { ownReading } from "./askKubectl.ts";
import { recordedCases, viewOf, type KubectlAnswer } from "./kubeconfigCases.ts";

const recorded = JSON.parse(
  await readFile(new URL("../../fixtures/kubeconfig/kubectl.json", import.meta.url), "utf8"),
) as Readonly<Record<string, KubectlAnswer | undefined>>;

describe("a kubeconfig read as kubectl was recorded to read it", () => {
  for (const asked of recordedCases) {
    const answer = recorded[asked.name];
    const refuses = answer?.view === undefined;
    it(`${refuses ? "is refused" : "is read"}: ${asked.name}`, async () => {
      assert.ok(answer, "recorded");
      const own = await ownReading(asked);
      if (refuses) assert.equal(own.problems.length, 1);
      else {
        assert.deepEqual(own.problems, []);
        assert.deepEqual(viewOf(own), answer.view);
        assert.equal(own.currentContext, answer.currentContext);
      }
    });
  }
});

describe("a kubeconfig", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-kubeconfig-"));
  });
  after(() => rm(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, name);
  const write = async (name: string, text: string) => {
    await writeFile(at(name), text);
    return at(name);
  };
  const named = (context: string) => `contexts: [{name: ${context}}]\ncurrent-context: ${context}\n`;

  it("comes from ~/.kube/config where nothing else is named", async () => {
    await mkdir(at("home/.kube"), { recursive: true });
    await write("home/.kube/config", named("home"));
    assert.equal((await readKubeconfig({ env: {}, home: at("home") })).currentContext, "home");
    assert.equal((await readKubeconfig({ env: { KUBECONFIG: "" }, home: at("home") })).currentContext, "home");
  });

  it("does not come from ~/.kube/config where KUBECONFIG names a missing file", async () => {
    const { currentContext, problems } = await readKubeconfig({ env: { KUBECONFIG: at("no") }, home: at("home") });
    assert.deepEqual([currentContext, problems], [undefined, []]);
  });

  it("comes from the files given rather than from KUBECONFIG, the home folder abbreviated or not", async () => {
    const KUBECONFIG = await write("env", named("env"));
    const given = await write("given", named("given"));
    assert.equal((await readKubeconfig({ files: [given], env: { KUBECONFIG }, home: "/" })).currentContext, "given");
    const short = await readKubeconfig({ files: ["~/given"], env: { KUBECONFIG }, home: folder });
    assert.deepEqual(short.files, [given]);
  });

  it("that was asked for and is not there is a problem", async () => {
    const { problems } = await readKubeconfig({ files: [at("absent")], env: {}, home: folder });
    assert.deepEqual(problems.map(fill), [`There is no kubeconfig ${at("absent")}.`]);
  });

  it("that is broken hides those after it, because it might have overridden them", async () => {
    const broken = await write("broken", "users: [{name: u, user: {token: 5}}]");
    const { currentContext, contexts, problems } = await readKubeconfig({
      files: [broken, await write("fine", named("fine"))],
      env: {},
      home: folder,
    });
    assert.deepEqual([currentContext, contexts], [undefined, []]);
    assert.deepEqual(problems.map(fill), [
      `${broken} is no valid kubeconfig: users[0].user.token must be text (put it in quotes).`,
    ]);
  });

  it("that is broken leaves those before it in use", async () => {
    const files = [await write("fine", named("fine")), await write("broken", "clusters: [")];
    const { currentContext, problems } = await readKubeconfig({ files, env: {}, home: folder });
    assert.equal(currentContext, "fine");
    assert.equal(problems.length, 1);
  });

  it("that is a folder or too large is a problem", async () => {
    await mkdir(at("folder"));
    const large = await write("large", "#".repeat(17 * 1024 * 1024));
    const read = async (file: string) =>
      (await readKubeconfig({ files: [file], env: {}, home: folder })).problems.map(fill);
    assert.deepEqual(await read(at("folder")), [`${at("folder")} is not a file, so it is no kubeconfig.`]);
    assert.deepEqual(await read(large), [`${large} is larger than 16 MB, so it was not read as a kubeconfig.`]);
  });

  it("does not show what is in a broken file", async () => {
    const text = "users:\n- name: u\n  user:\n    token: SECRET-TOKEN\n   broken: [\n";
    const { problems } = await readKubeconfig({ files: [await write("secret", text)], env: {}, home: folder });
    assert.match(problems.map(fill).join(), /line 5/);
    assert.doesNotMatch(problems.map(fill).join(), /SECRET/);
  });

  it("knows each context's server", async () => {
    const text =
      "clusters: [{name: k, cluster: {server: 'https://k'}}]\ncontexts: [{name: c, context: {cluster: k}}, {name: d}]";
    const { contexts } = await readKubeconfig({ files: [await write("servers", text)], env: {}, home: folder });
    assert.deepEqual(
      contexts.map(({ name, server }) => [name, server]),
      [
        ["c", "https://k"],
        ["d", undefined],
      ],
    );
  });

  it("of a pod is used where there is no other", async () => {
    await mkdir(at("pod"));
    await write("pod/token", "t");
    await write("pod/namespace", "shop\n");
    const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const own = await readKubeconfig({ env, home: at("nobody"), serviceAccountFolder: at("pod") });
    assert.deepEqual(own.contexts, [
      {
        name: "in-cluster",
        cluster: "in-cluster",
        user: "in-cluster",
        namespace: "shop",
        server: "https://[fd00::1]:443",
      },
    ]);
    assert.equal(
      (await readKubeconfig({ env, home: at("home"), serviceAccountFolder: at("pod") })).currentContext,
      "home",
    );
  });

  it("may hold keys that JavaScript knows, and they stay names", async () => {
    const text = 'users: [{name: __proto__, user: {token: "a"}}]\nclusters: [{name: constructor}]\n__proto__: {x: 1}\n';
    const { users, clusters } = await readKubeconfig({ files: [await write("proto", text)], env: {}, home: folder });
    assert.deepEqual([...users.keys(), ...clusters.keys()], ["__proto__", "constructor"]);
    assert.equal("x" in {}, false);
  });

  it("with nodes that repeat nodes a million times over is read or refused without trouble", async () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ..."bcdefgh".split("").map(
        (c, i) =>
          `${c}: &${c} [${Array(9)
            .fill(`*${"abcdefg".charAt(i)}`)
            .join()}]`,
      ),
    ];
    const file = await write("bomb", `${bomb.join("\n")}\ncurrent-context: "here"\n`);
    assert.equal((await readKubeconfig({ files: [file], env: {}, home: folder })).currentContext, "here");
  });

  it("is told of when it changes, and when a missing one appears", async () => {
    const files = [await write("watched", named("one")), at("later")];
    let changes = 0;
    const watching = watchKubeconfig(await readKubeconfig({ files, env: {}, home: folder }), () => changes++);
    try {
      await write("watched", named("another"));
      await eventually("the change is told", () => changes === 1);
      await write("later", named("late"));
      await eventually("the new file is told", () => changes === 2);
    } finally {
      watching.dispose();
    }
  });

  it("of any content gives a reading or problems, never an exception", async () => {
    const key = fc.constantFrom(
      "users",
      "clusters",
      "contexts",
      "name",
      "user",
      "cluster",
      "exec",
      "token",
      "current-context",
      "<<",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("map"),
      ),
      list: fc.array(tie("tree"), { maxLength: 4 }),
      map: fc.dictionary(fc.oneof(key, fc.string()), tie("tree"), { maxKeys: 5 }),
    }));
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      tree.map((value) => JSON.stringify(value)),
      yamlish(),
    );
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const { problems } = await readKubeconfig({ files: [await write("fuzz", content)], env: {}, home: folder });
        assert.ok(problems.length <= 1);
      }),
      { numRuns: 200 },
    );
  });
});

function yamlish(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    "users",
    ":",
    " ",
    "\n",
    "- ",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!x ",
    "|",
    "'",
    '"',
    "---\n",
    "#",
    "?",
    "%",
    "<<: ",
    "name: a",
    "\t",
    "5",
    ",",
  );
  return fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
}
